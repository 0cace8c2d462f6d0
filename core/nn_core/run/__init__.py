"""A run that can be edited, rewound, branched and replayed: the Timeline and its events."""
