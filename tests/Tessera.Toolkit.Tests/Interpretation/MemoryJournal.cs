using Tessera.Toolkit.Interpretation;
using Tessera.Wire;

namespace Tessera.Toolkit.Tests.Interpretation;

/// <summary>A journal whose power never goes, of the four newest scripts.</summary>
internal sealed class MemoryJournal : IScriptJournal
{
    private const int Kept = 4;

    private readonly List<(ushort Session, byte Number, JournaledScript Script)> _entries = [];

    public List<string> Written { get; } = [];

    public ushort LastSession { get; set; }

    public JournaledScript? Find(ushort session, byte number) =>
        _entries.FirstOrDefault(entry => entry.Session == session && entry.Number == number).Script;

    public byte LastNumber(ushort session) =>
        _entries.Where(entry => entry.Session == session).Select(entry => entry.Number).DefaultIfEmpty().Max();

    public void OpenSession(ushort session)
    {
        Written.Add($"open {session}");
        LastSession = session;
        _entries.RemoveAll(entry => entry.Session == session);
    }

    public void Begin(ushort session, byte number, Bytes hash)
    {
        Written.Add($"begin {session}.{number}");
        _entries.Add((session, number, new JournaledScript(hash, null)));
        if (_entries.Count > Kept) _entries.RemoveAt(0);
    }

    public void Finish(ushort session, byte number, Bytes answer)
    {
        Written.Add($"finish {session}.{number}");
        var at = _entries.FindIndex(entry => entry.Session == session && entry.Number == number);
        if (at >= 0) _entries[at] = _entries[at] with { Script = _entries[at].Script with { Answer = answer } };
    }
}
