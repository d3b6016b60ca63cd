"""The tests mirror the rooms; journeys tell whole stories; the house rules are tests too."""
