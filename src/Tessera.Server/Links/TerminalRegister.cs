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
    private readonly Dictionary<PeerIdentity, string> _terminals = [];

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

    public bool Allows(PeerIdentity terminal)
    {
        lock (_gate) return _terminals.ContainsKey(terminal);
    }

    /// <summary>Adds a terminal; nothing happens where it is there already.</summary>
    /// <exception cref="ArgumentException">The name is empty, too long or more than a line.</exception>
    /// <exception cref="InvalidOperationException">The register is full.</exception>
    public void Add(PeerIdentity terminal, string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (name.Length > MaxName || name.Any(char.IsControl))
            throw new ArgumentException($"A name is one line of at most {MaxName} characters.", nameof(name));

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
}
