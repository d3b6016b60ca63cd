"""Request processing: middleware, limits of bodies, errors, uploads."""
