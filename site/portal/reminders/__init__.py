"""Due dates: the daily calendar and the letters about them."""
