using Tessera.Platform.Objects;

namespace Tessera.Platform.Tests.Sessions.Model;

/// <summary>Numbers and redemptions, durable as long as the test.</summary>
internal sealed class MemoryObjectBook(Power power) : IObjectBook
{
    private readonly Dictionary<uint, Redemption> _redemptions = [];
    private uint _next = 1;

    public Task<uint> TakeNumbersAsync(int count, CancellationToken cancel) => Task.FromResult(power.Write(() =>
    {
        _next += (uint)count;
        return _next - (uint)count;
    }));

    public Task<Redemption> RecordAsync(Redemption redemption, CancellationToken cancel) => Task.FromResult(power.Write(() =>
    {
        _redemptions.TryAdd(redemption.Number, redemption);
        return _redemptions[redemption.Number];
    }));

    public Task<Redemption?> FindAsync(uint number, CancellationToken cancel) =>
        Task.FromResult(_redemptions.GetValueOrDefault(number));
}
