namespace Tessera.Platform.Changes;

/// <summary>A change with its deliveries, recorded together.</summary>
public sealed record RecordedChange(Change Change, IReadOnlyList<Delivery> Deliveries);
