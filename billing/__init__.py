"""What a tenant uses: segments, call minutes and numbers, metered once each."""
