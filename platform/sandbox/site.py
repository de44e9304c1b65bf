"""A contractor's web site on an origin of its own, with the line of script that a product told him to put there."""

from html import escape
from pathlib import Path
from string import Template
from urllib.parse import urlsplit

from aiohttp import web

from sandbox.store import Row
from sandbox.world import world

routes = web.RouteTableDef()
SITES = "/sandbox/api/sites"
FILES = Path(__file__).parent / "static"
LONGEST = 300
COLUMNS = ("slug", "name", "line", "script", "link")


@routes.post(SITES)
async def put_site(request: web.Request) -> web.Response:
    """{slug, name, line, script, link}: script is the snippet's address, link the form's own page."""
    body = await request.json()
    site = {name: str(body[name])[:LONGEST] for name in COLUMNS}
    if not site["slug"].replace("-", "").isalnum() or not site["slug"].isascii():
        raise ValueError("slug is made of letters, digits and dashes.")
    if any(urlsplit(site[name]).scheme not in ("http", "https") for name in ("script", "link")):
        raise ValueError("script and link are addresses of the web.")
    store = world(request).core.store
    with store.together():
        store.run("DELETE FROM site WHERE slug = ?", site["slug"])
        store.insert("site", **site)
    return web.json_response(site, status=201)


@routes.get("/site")
async def all_sites(request: web.Request) -> web.Response:
    """Every site there is, to visit as a lead does."""
    sites = world(request).core.store.all("SELECT * FROM site ORDER BY name")
    shown = "".join(
        f'<li><a href="/site/{escape(site["slug"])}">{escape(site["name"])}</a><span>{escape(site["line"])}</span></li>'
        for site in sites
    )
    empty = "<p>No business has put up its web site yet.</p>"
    words = {"list": f"<ul>{shown}</ul>" if sites else empty}
    return _page("sites.html", words, "default-src 'none'; style-src 'self'; img-src 'self'")


@routes.get("/site/{slug}")
async def one_site(request: web.Request) -> web.Response:
    site = world(request).core.store.one("SELECT * FROM site WHERE slug = ?", request.match_info["slug"])
    if site is None:
        raise web.HTTPNotFound(text="There is no such web site here.")
    words = {name: escape(str(site[name])) for name in COLUMNS}
    return _page("site.html", words, _policy(site))


def _policy(site: Row) -> str:
    """As strict as a careful contractor's: only the product's origin may add a script and a frame."""
    parts = urlsplit(site["script"])
    origin = f"{parts.scheme}://{parts.netloc}"
    return (
        f"default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self'; script-src {origin}; frame-src {origin}"
    )


def _page(file: str, words: dict[str, str], policy: str) -> web.Response:
    text = Template((FILES / file).read_text(encoding="utf-8")).substitute(words)
    headers = {"Content-Security-Policy": policy, "Cache-Control": "no-store"}
    return web.Response(text=text, content_type="text/html", headers=headers)
