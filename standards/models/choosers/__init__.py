"""What an editor of an indicator chooses instead of typing its codes: of whom it is asked, what its answer counts with."""
