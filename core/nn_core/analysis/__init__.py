"""Questions put to a model: gradient check, landscape, rate finder, kinks, votes."""
