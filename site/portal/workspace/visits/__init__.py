"""Study visits: arranged, recorded, signed off."""
