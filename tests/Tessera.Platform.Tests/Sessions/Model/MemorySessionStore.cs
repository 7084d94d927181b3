using Tessera.Platform.Holders;
using Tessera.Platform.Sessions;
using Tessera.Wire;

namespace Tessera.Platform.Tests.Sessions.Model;

/// <summary>Sessions in lists.</summary>
internal sealed class MemorySessionStore(Power power) : ISessionStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<SessionReference, SessionRecord> _open = [];
    private readonly Dictionary<SessionReference, List<SessionStep>> _steps = [];
    private readonly Dictionary<Bytes, (ushort Insertion, byte Number)> _numbers = [];

    /// <summary>How sessions ended, the last one last.</summary>
    public List<SessionEnd> Ends { get; } = [];

    /// <summary>All steps of all sessions.</summary>
    public IReadOnlyList<SessionStep> Steps => [.. _steps.Values.SelectMany(steps => steps)];

    public Task OpenAsync(SessionRecord session, CancellationToken cancel) => Write(() =>
    {
        _open.Add(session.Id, session);
        _steps.Add(session.Id, []);
    });

    public Task<IReadOnlyList<SessionRecord>> OpenAtAsync(Bytes terminal, CancellationToken cancel)
    {
        lock (_gate)
            return Task.FromResult<IReadOnlyList<SessionRecord>>([.. _open.Values.Where(one => one.At.Terminal == terminal)]);
    }

    public Task<IReadOnlyList<SessionStep>> StepsAsync(SessionReference session, CancellationToken cancel)
    {
        lock (_gate) return Task.FromResult<IReadOnlyList<SessionStep>>([.. _steps[session]]);
    }

    public Task AddAsync(SessionReference session, SessionStep asked, CancellationToken cancel) => Write(() =>
    {
        if (asked.Ordinal != _steps[session].Count) throw new InvalidOperationException("A step out of order.");
        if (asked is { Script: { } script, Answer: null })
        {
            var last = _numbers.GetValueOrDefault(script.At.Terminal);
            if (last.Insertion == script.At.Number && last.Number >= script.Number)
                throw new InvalidOperationException("A number used before.");
            _numbers[script.At.Terminal] = (script.At.Number, script.Number);
        }

        _steps[session].Add(asked);
    });

    public Task AnswerAsync(SessionReference session, int ordinal, Bytes answer, CancellationToken cancel) =>
        Write(() => _steps[session][ordinal] = _steps[session][ordinal] with { Answer = answer });

    public Task<byte> LastNumberAsync(Insertion insertion, CancellationToken cancel)
    {
        lock (_gate)
        {
            var last = _numbers.GetValueOrDefault(insertion.Terminal);
            return Task.FromResult(last.Insertion == insertion.Number ? last.Number : (byte)0);
        }
    }

    public Task ContinueAsync(SessionReference session, Insertion insertion, CancellationToken cancel) =>
        Write(() => _open[session] = _open[session] with { At = insertion });

    public Task CloseAsync(SessionReference session, SessionEnd how, DateTimeOffset now, CancellationToken cancel) => Write(() =>
    {
        _open.Remove(session);
        Ends.Add(how);
    });

    private Task Write(Action work)
    {
        lock (_gate)
        {
            power.Write(() =>
            {
                work();
                return true;
            });
            return Task.CompletedTask;
        }
    }
}
