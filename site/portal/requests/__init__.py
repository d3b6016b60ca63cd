"""What every request passes: middleware, the length of bodies, errors, uploads."""
