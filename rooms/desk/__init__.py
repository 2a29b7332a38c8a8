"""The teachers' desk: incidents claimed and judged, kinds that are mostly wrong muted, raised hands answered."""
