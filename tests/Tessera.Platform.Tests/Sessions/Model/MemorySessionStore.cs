using Tessera.Platform.Holders;
using Tessera.Platform.Sessions;
using Tessera.Wire;

namespace Tessera.Platform.Tests.Sessions.Model;

/// <summary>The server died at a durable step.</summary>
internal sealed class CrashException(string where) : Exception(where);

/// <summary>Sessions in lists; it can let the server die before or after each thing it writes.</summary>
internal sealed class MemorySessionStore : ISessionStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<SessionReference, SessionRecord> _open = [];
    private readonly Dictionary<SessionReference, List<SessionStep>> _steps = [];
    private readonly Dictionary<Bytes, (ushort Insertion, byte Number)> _numbers = [];
    private int _left;

    /// <summary>How sessions ended, the last one last.</summary>
    public List<SessionEnd> Ends { get; } = [];

    /// <summary>Durable writes so far.</summary>
    public int Writes { get; private set; }

    /// <summary>All steps of all sessions.</summary>
    public IReadOnlyList<SessionStep> Steps => [.. _steps.Values.SelectMany(steps => steps)];

    /// <summary>Dies at that write, counted from now: odd ones before it is durable, even ones after.</summary>
    public void CrashAt(int point) => _left = point;

    public Task OpenAsync(SessionRecord session, CancellationToken cancel) => Write(() =>
    {
        _open.Add(session.Id, session);
        _steps.Add(session.Id, []);
    });

    public Task<SessionRecord?> FindOpenAsync(Insertion insertion, CancellationToken cancel)
    {
        lock (_gate) return Task.FromResult(_open.Values.LastOrDefault(one => one.At == insertion));
    }

    public Task<IReadOnlyList<SessionStep>> StepsAsync(SessionReference session, CancellationToken cancel)
    {
        lock (_gate) return Task.FromResult<IReadOnlyList<SessionStep>>([.. _steps[session]]);
    }

    public Task AddAsync(SessionReference session, SessionStep asked, CancellationToken cancel) => Write(() =>
    {
        if (asked.Ordinal != _steps[session].Count) throw new InvalidOperationException("A step out of order.");
        if (asked.Script is { } script)
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
            Die("before");
            work();
            Writes++;
            Die("after");
            return Task.CompletedTask;
        }
    }

    private void Die(string where)
    {
        if (_left > 0 && --_left == 0) throw new CrashException(where);
    }
}
