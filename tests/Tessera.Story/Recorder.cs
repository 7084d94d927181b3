using System.Text;
using Tessera.Wire;

namespace Tessera.Story;

/// <summary>Keeps everything that left the terminal or came to it, and finds octets in it.</summary>
public sealed class Recorder
{
    private readonly Lock _gate = new();
    private readonly List<(string Where, Bytes Octets)> _taken = [];
    private readonly List<string> _diary = [];

    /// <summary>Pieces recorded.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _taken.Count;
        }
    }

    /// <summary>All octets recorded.</summary>
    public long Octets
    {
        get
        {
            lock (_gate) return _taken.Sum(piece => (long)piece.Octets.Length);
        }
    }

    public void Take(string where, Bytes octets)
    {
        lock (_gate) _taken.Add((where, octets));
    }

    public void Take(string where, string text)
    {
        Note($"{where}: {text}");
        Take(where, new Bytes(Encoding.UTF8.GetBytes(text)));
    }

    /// <summary>What happened, line by line.</summary>
    public IReadOnlyList<string> Diary
    {
        get
        {
            lock (_gate) return [.. _diary];
        }
    }

    internal void Note(string line)
    {
        lock (_gate) _diary.Add(line);
    }

    /// <summary>Where the octets stand; nowhere is empty.</summary>
    public IReadOnlyList<string> Find(ReadOnlySpan<byte> octets)
    {
        lock (_gate)
        {
            List<string> found = [];
            foreach (var (where, piece) in _taken)
            {
                if (piece.Span.IndexOf(octets) >= 0) found.Add(where);
            }

            return found;
        }
    }
}
