using System.Security.Cryptography;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;

namespace Tessera.Toolkit.Interpretation;

/// <summary>
/// Lets every script run at most once, and only in the session that is open (docs/protocols/script.md §6.4, §6.5).
/// </summary>
/// <remarks>
/// <code>
/// octets are no script                             answer 90
/// this script is at work                           busy
/// known: same hash, answered                       its answer
/// known: same hash, not answered                   C8 0B 00
/// known: another hash                              C8 0C 00
/// its session is not open, or was silent too long  C8 08 00
/// number not above the last                        C8 0C 00
/// another script is at work                        busy
/// else                                             begins durably, then runs
/// </code>
/// Not for two threads at once.
/// </remarks>
public sealed class ScriptGate(IScriptJournal journal)
{
    /// <summary>A session without a script for that long is over.</summary>
    public static TimeSpan Silence { get; } = TimeSpan.FromMinutes(15);

    private ushort? _open;
    private DateTimeOffset _heard;
    private ScriptHead? _running;

    /// <summary>The open session, or null. Silence ends it only when a script asks.</summary>
    public ushort? Session => _open;

    /// <summary>
    /// Opens a session under a number of its own, which ends the one before; a script at work goes on.
    /// </summary>
    /// <returns>Its number, never 0.</returns>
    public ushort Open(DateTimeOffset now)
    {
        var session = journal.LastSession == ushort.MaxValue ? (ushort)1 : (ushort)(journal.LastSession + 1);
        journal.OpenSession(session);
        (_open, _heard) = (session, now);
        return session;
    }

    /// <summary>Ends the session: the card was removed or reset.</summary>
    public void Close() => _open = null;

    /// <summary>What is to be done with these octets.</summary>
    public Admission Admit(Bytes octets, DateTimeOffset now)
    {
        if (!CommandScript.TryRead(octets, out var script, out var refusal)) return new Answered(Bytes.Of(refusal));

        var head = script.Head;
        var hash = new Bytes(SHA256.HashData(octets.Span));
        if (journal.Find(head.Session, head.Number) is { } known) return Known(known, hash, head);
        if (now - _heard > Silence) Close();
        if (head.Session != _open) return Refused(StopReason.SessionNotOpen, head);
        if (head.Number <= journal.LastNumber(head.Session)) return Refused(StopReason.NumberUsed, head);
        if (_running is not null) return new Busy();

        journal.Begin(head.Session, head.Number, hash);
        (_running, _heard) = (head, now);
        return new Admitted(script);
    }

    /// <summary>The script that was admitted has its answer; keeps it and hands it on.</summary>
    public Bytes Finish(Admitted admitted, Bytes answer, DateTimeOffset now)
    {
        var head = admitted.Script.Head;
        if (_running != head) throw new ArgumentException("That script is not at work.", nameof(admitted));
        journal.Finish(head.Session, head.Number, answer);
        (_running, _heard) = (null, now);
        return answer;
    }

    private Admission Known(JournaledScript known, Bytes hash, ScriptHead head) => known switch
    {
        _ when known.Hash != hash => Refused(StopReason.NumberUsed, head),
        { Answer: { } answer } => new Answered(answer),
        _ when _running == head => new Busy(),
        _ => Refused(StopReason.Interrupted, head),
    };

    private static Answered Refused(StopReason reason, ScriptHead head) =>
        new(Bytes.Of(ResponseScript.Refusing(reason, head)));
}

/// <summary>What a gate does with a script.</summary>
public abstract record Admission
{
    private protected Admission() { }
}

/// <summary>It runs now, for the first and only time; <see cref="ScriptGate.Finish"/> takes its answer.</summary>
public sealed record Admitted(CommandScript Script) : Admission;

/// <summary>It has this answer, kept or refusing; it does not run.</summary>
public sealed record Answered(Bytes Answer) : Admission;

/// <summary>A script is at work; ask again when it is finished.</summary>
public sealed record Busy : Admission;
