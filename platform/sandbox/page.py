"""The web page with the phones; plain files, no libraries."""

from pathlib import Path

from aiohttp import web

routes = web.RouteTableDef()
FILES = Path(__file__).parent / "static"
POLICY = "default-src 'self'; img-src 'self' blob: data:; style-src 'self'; script-src 'self'; base-uri 'none'"


@routes.get("/")
@routes.get("/phone/{number}")
async def phone(_: web.Request) -> web.FileResponse:
    headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-cache"}
    return web.FileResponse(FILES / "index.html", headers=headers)


routes.static("/static", FILES)
