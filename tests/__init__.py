"""The tests mirror the packages; journeys tests are end to end; the house rules are tests too."""
