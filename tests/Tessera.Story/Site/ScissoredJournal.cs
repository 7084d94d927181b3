using Tessera.Toolkit.Interpretation;
using Tessera.Wire;

namespace Tessera.Story.Site;

/// <summary>The terminal was killed at a record of its journal: nothing after it happened.</summary>
internal sealed class TerminalKilledException(string where) : Exception($"The terminal was killed at {where}.");

/// <summary>A journal each record of which is a place where the terminal may be killed.</summary>
/// <param name="killed">Told before anybody learns of it.</param>
internal sealed class ScissoredJournal(IScriptJournal journal, Scissors scissors, Action killed) : IScriptJournal
{
    public ushort LastSession => journal.LastSession;

    public JournaledScript? Find(ushort session, byte number) => journal.Find(session, number);

    public byte LastNumber(ushort session) => journal.LastNumber(session);

    public void OpenSession(ushort session) => Record("session", () => journal.OpenSession(session));

    public void Begin(ushort session, byte number, Bytes hash) =>
        Record($"begin {number}", () => journal.Begin(session, number, hash));

    public void Finish(ushort session, byte number, Bytes answer) =>
        Record($"finish {number}", () => journal.Finish(session, number, answer));

    private void Record(string what, Action write)
    {
        var cut = scissors.Next(CutKind.Terminal, what);
        if (cut is not { After: false }) write();
        if (cut is null) return;
        killed();
        throw new TerminalKilledException(what);
    }
}
