using System.Globalization;
using Tessera.Toolkit.Links;

namespace Tessera.Server.Links;

/// <summary>
/// The terminals that may connect, by their pinned keys: a text file, a line for each, durable when added.
/// </summary>
/// <remarks><code>64 hexadecimal digits of the key's SHA-256, a space, the name</code></remarks>
public sealed class TerminalRegister
{
    public const int MaxTerminals = 10_000;
    public const int MaxName = 64;

    private readonly string _path;
    private readonly Lock _gate = new();
    private Dictionary<PeerIdentity, string> _terminals = [];

    /// <exception cref="FormatException">A line of the file is damaged; the message names file and line.</exception>
    public TerminalRegister(string path)
    {
        _path = path;
        if (!File.Exists(path)) return;
        foreach (var (line, number) in File.ReadLines(path).Select((line, i) => (line, i + 1)))
        {
            var at = line.IndexOf(' ', StringComparison.Ordinal);
            if (at < 0)
                throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"{path}, line {number}: no name."));
            _terminals[PeerIdentity.Parse(line[..at])] = line[(at + 1)..];
        }
    }

    public IReadOnlyDictionary<PeerIdentity, string> All
    {
        get
        {
            lock (_gate) return new Dictionary<PeerIdentity, string>(_terminals);
        }
    }

    /// <summary>A terminal by what names it: the 16 digits of its id, or all 64 of its key.</summary>
    public PeerIdentity? Find(string digits)
    {
        lock (_gate)
        {
            foreach (var terminal in _terminals.Keys)
            {
                if (string.Equals(digits, terminal.Id.ToString(), StringComparison.OrdinalIgnoreCase)
                    || string.Equals(digits, terminal.ToString(), StringComparison.OrdinalIgnoreCase))
                {
                    return terminal;
                }
            }

            return null;
        }
    }

    public bool Allows(PeerIdentity terminal)
    {
        lock (_gate) return _terminals.ContainsKey(terminal);
    }

    /// <summary>Adds a terminal; nothing happens where it is there already.</summary>
    /// <exception cref="ArgumentException">The name is empty, too long or more than a line.</exception>
    /// <exception cref="InvalidOperationException">The register is full.</exception>
    public void Add(PeerIdentity terminal, string name)
    {
        Check(name);
        lock (_gate)
        {
            if (_terminals.ContainsKey(terminal)) return;
            if (_terminals.Count >= MaxTerminals) throw new InvalidOperationException("The register of terminals is full.");
            using var file = new FileStream(_path, FileMode.Append, FileAccess.Write, FileShare.Read);
            using var writer = new StreamWriter(file);
            writer.Write($"{terminal} {name}\n");
            writer.Flush();
            file.Flush(flushToDisk: true);
            _terminals.Add(terminal, name);
        }
    }

    /// <summary>Gives a terminal another name.</summary>
    /// <returns>False where there is no such terminal.</returns>
    /// <exception cref="ArgumentException">The name is empty, too long or more than a line.</exception>
    public bool Rename(PeerIdentity terminal, string name)
    {
        Check(name);
        lock (_gate)
        {
            if (!_terminals.ContainsKey(terminal)) return false;
            Replace(new Dictionary<PeerIdentity, string>(_terminals) { [terminal] = name });
            return true;
        }
    }

    /// <summary>A terminal may connect no longer.</summary>
    /// <returns>False where there is no such terminal.</returns>
    public bool Remove(PeerIdentity terminal)
    {
        lock (_gate)
        {
            var left = new Dictionary<PeerIdentity, string>(_terminals);
            if (!left.Remove(terminal)) return false;
            Replace(left);
            return true;
        }
    }

    private static void Check(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (name.Length > MaxName || name.Any(char.IsControl))
            throw new ArgumentException($"A name is one line of at most {MaxName} characters.", nameof(name));
    }

    /// <summary>Writes all beside the file, then takes its place: what is in memory is what is on disk.</summary>
    private void Replace(Dictionary<PeerIdentity, string> terminals)
    {
        var fresh = _path + ".new";
        using (var file = new FileStream(fresh, FileMode.Create, FileAccess.Write))
        {
            using (var writer = new StreamWriter(file, leaveOpen: true))
            {
                foreach (var (terminal, name) in terminals) writer.Write($"{terminal} {name}\n");
            }

            file.Flush(flushToDisk: true);
        }

        File.Move(fresh, _path, overwrite: true);
        _terminals = terminals;
    }
}
