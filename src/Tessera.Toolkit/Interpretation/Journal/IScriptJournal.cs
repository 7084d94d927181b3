using Tessera.Wire;

namespace Tessera.Toolkit.Interpretation;

/// <summary>
/// What a terminal or card durably remembers of the scripts it ran: a bounded number of the newest, and the last
/// session it
/// opened (docs/protocols/script.md §6.4).
/// </summary>
/// <remarks>Each writing call returns only when what it wrote outlives a loss of power.</remarks>
public interface IScriptJournal
{
    /// <summary>The session opened last, 0 before the first.</summary>
    ushort LastSession { get; }

    /// <summary>What is known of that script; null where nothing is, or no longer.</summary>
    JournaledScript? Find(ushort session, byte number);

    /// <summary>The highest number begun in that session, 0 before the first.</summary>
    byte LastNumber(ushort session);

    /// <summary>Remembers that a session begins, and forgets scripts of an older one with the same number.</summary>
    void OpenSession(ushort session);

    /// <summary>Remembers that a script begins.</summary>
    /// <param name="hash">SHA-256 of its octets.</param>
    void Begin(ushort session, byte number, Bytes hash);

    /// <summary>Remembers its answer.</summary>
    void Finish(ushort session, byte number, Bytes answer);
}

/// <summary>A script that began, and the answer it got, if it got one.</summary>
public sealed record JournaledScript(Bytes Hash, Bytes? Answer);
