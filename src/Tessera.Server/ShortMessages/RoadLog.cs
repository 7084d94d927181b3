using System.Globalization;
using Tessera.Gateway;
using Tessera.Server.Browsers;
using Tessera.Smpp;
using Tessera.Smpp.Centre;

namespace Tessera.Server.ShortMessages;

/// <summary>
/// What happened at SMSC and gateway, the last entries of it, and how many short messages each session took.
/// </summary>
internal sealed class RoadLog(TimeProvider time, ILogger<RoadLog> logger)
{
    /// <summary>Where the SMSC's own entries are.</summary>
    public const string Centre = "SMSC";

    /// <summary>PDUs from the gateway.</summary>
    public const string FromGateway = "SMPP to SMSC";

    /// <summary>PDUs to the gateway.</summary>
    public const string ToGateway = "SMPP from SMSC";

    private const int MaxEntries = 2000;
    private const int MaxSessions = 50;

    private readonly Lock _gate = new();
    private readonly Queue<RoadEntry> _entries = new();
    private readonly OrderedDictionary<SmsSessionId, RoadSession> _sessions = [];
    private readonly Signal _changed = new();
    private readonly LineLimit _strangers = new(time);
    private long _number;

    public RoadState State
    {
        get
        {
            lock (_gate) return new RoadState([.. _sessions.Values.Reverse()], [.. _entries]);
        }
    }

    public Task ChangedAsync(CancellationToken cancel) => _changed.WaitAsync(cancel);

    public void Take(GatewayEvent told)
    {
        lock (_gate)
        {
            Count(told);
            var (text, octets) = RoadWords.Of(told);
            if (!Add(told.At, "gateway", text, octets, told is Gateway.MessageRefused)) return;
        }

        _changed.Raise();
    }

    /// <summary>Takes a PDU between gateway and SMSC.</summary>
    public void Take(SeenPdu seen)
    {
        lock (_gate)
        {
            var (text, octets) = PduWords.Of(seen);
            Keep(time.GetUtcNow(), seen.IsOwn ? FromGateway : ToGateway, text, octets);
        }

        _changed.Raise();
    }

    /// <summary>Takes what happens at the SMSC, to its end.</summary>
    public async Task FollowAsync(LocalCentre centre)
    {
        using var watch = centre.Watch();
        await foreach (var told in watch.ReadAllAsync(CancellationToken.None))
        {
            lock (_gate)
            {
                var (text, octets) = RoadWords.Of(told);
                if (!Add(told.At, Centre, text, octets, told is EsmeRefused or PhoneRefused)) continue;
            }

            _changed.Raise();
        }
    }

    /// <param name="isOfStranger">Anybody can bring it about, as often as they like.</param>
    private bool Add(DateTimeOffset at, string where, string text, string octets, bool isOfStranger)
    {
        if (isOfStranger)
        {
            if (!_strangers.TryPass(out var left)) return false;
            if (left > 0) text += $"; {left} more like it before were not written";
        }

        logger.Log(isOfStranger ? LogLevel.Debug : LogLevel.Information, "{Where}: {Text}", where, text);
        Keep(at, where, text, octets);
        return true;
    }

    private void Keep(DateTimeOffset at, string where, string text, string octets)
    {
        if (_entries.Count == MaxEntries) _entries.Dequeue();
        _entries.Enqueue(new RoadEntry(++_number, at, where, text, octets));
    }

    private void Count(GatewayEvent told)
    {
        var (session, up, down) = told switch
        {
            SessionOpened opened => (opened.Session, opened.Count.Messages, 0),
            AnswerTaken answer => (answer.Session, answer.Count.Messages, 0),
            PartAccepted accepted => (accepted.Part.Session, 0, 1),
            SessionClosed closed => (closed.Session, 0, 0),
            _ => default,
        };
        if (session == default) return;
        if (!_sessions.TryGetValue(session, out var known))
        {
            if (told is SessionClosed) return;
            if (_sessions.Count == MaxSessions) _sessions.RemoveAt(0);
            known = new RoadSession(session.ToString(), time.GetUtcNow(), 0, 0, "");
        }

        _sessions[session] = known with
        {
            Up = known.Up + up,
            Down = known.Down + down,
            End = told is SessionClosed { Reason: var reason } ? reason : known.End,
        };
    }
}

/// <summary>The short message road as a page or a program sees it.</summary>
/// <param name="Sessions">Newest first.</param>
/// <param name="Entries">Oldest first.</param>
public sealed record RoadState(IReadOnlyList<RoadSession> Sessions, IReadOnlyList<RoadEntry> Entries);

/// <summary>The short messages of one session, every part counted.</summary>
/// <param name="Up">From the card.</param>
/// <param name="Down">To the card.</param>
/// <param name="End">Why it ended; empty while it goes on.</param>
public sealed record RoadSession(string Session, DateTimeOffset Begun, int Up, int Down, string End)
{
    public int Messages => Up + Down;

    /// <summary>In words: <c>4 short messages, every part counted</c>.</summary>
    public string Text => string.Create(
        CultureInfo.InvariantCulture,
        $"{Messages} short message{(Messages == 1 ? "" : "s")}, every part counted: {Up} from the SIM, {Down} to it");
}

/// <summary>Something that happened.</summary>
/// <param name="Octets">In hexadecimal; empty where none went anywhere.</param>
public sealed record RoadEntry(long Number, DateTimeOffset At, string Where, string Text, string Octets);
