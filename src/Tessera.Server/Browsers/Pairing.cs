using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Tessera.Wire;

namespace Tessera.Server.Browsers;

/// <summary>
/// Gives a browser its terminal: a code that the terminal shows is typed into the browser. A code works once, wrong
/// codes are budgeted; the browser then holds a random token, of which only the hash is kept. A terminal has one
/// browser.
/// </summary>
/// <remarks>
/// <code>
/// the file has a line for each terminal: its 16 hexadecimal digits, a space, SHA-256 of the token
/// </code>
/// </remarks>
public sealed class Pairing
{
    public const int CodeDigits = 6;

    private const int MaxTerminals = 10_000;
    private const int WrongCodesPerMinute = 10;

    private readonly string _path;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Bytes> _codes = new(StringComparer.Ordinal);
    private readonly Dictionary<Bytes, string> _browsers;
    private readonly Queue<DateTimeOffset> _wrong = new();

    /// <param name="path">Keeps who is paired with whom over a restart; made when needed.</param>
    /// <exception cref="FormatException">The file is damaged.</exception>
    public Pairing(string path, TimeProvider time)
    {
        (_path, _time) = (path, time);
        _browsers = File.Exists(path)
            ? File.ReadLines(path).Select(line => line.Split(' ')).ToDictionary(part => Bytes.FromHex(part[0]), part => part[1])
            : [];
    }

    /// <summary>A fresh code for the terminal to show; the one it had before stops working.</summary>
    /// <exception cref="InvalidOperationException">More terminals are waiting than the server takes.</exception>
    public string CodeFor(Bytes terminal)
    {
        lock (_gate)
        {
            foreach (var old in _codes.Where(p => p.Value == terminal).Select(p => p.Key).ToArray()) _codes.Remove(old);
            if (_codes.Count >= MaxTerminals) throw new InvalidOperationException("Too many terminals wait for a browser.");
            while (true)
            {
                var code = RandomNumberGenerator.GetInt32(1_000_000).ToString("D6", CultureInfo.InvariantCulture);
                if (_codes.TryAdd(code, terminal)) return code;
            }
        }
    }

    /// <summary>Whether a browser has the terminal.</summary>
    public bool IsTaken(Bytes terminal)
    {
        lock (_gate) return _browsers.ContainsKey(terminal);
    }

    /// <summary>
    /// Binds a browser to the terminal that shows <paramref name="code"/>, in place of the one before: its token, or
    /// why not.
    /// </summary>
    public PairingResult Confirm(string code)
    {
        lock (_gate)
        {
            var now = _time.GetUtcNow();
            while (_wrong.TryPeek(out var oldest) && now - oldest > TimeSpan.FromMinutes(1)) _wrong.Dequeue();
            if (_wrong.Count >= WrongCodesPerMinute)
                return new PairingResult(null, default, "Too many wrong codes. Wait a minute.");

            var digits = new string([.. code.Where(char.IsAsciiDigit).Take(CodeDigits + 1)]);
            if (!_codes.Remove(digits, out var terminal))
            {
                _wrong.Enqueue(now);
                return new PairingResult(null, default, "No terminal shows that code now.");
            }

            var token = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
            _browsers[terminal] = HashOf(token);
            Keep();
            return new PairingResult(token, terminal, null);
        }
    }

    /// <summary>The terminal of the browser that holds <paramref name="token"/>, or null.</summary>
    public Bytes? TerminalOf(string? token)
    {
        if (string.IsNullOrEmpty(token)) return null;
        var hash = HashOf(token);
        lock (_gate)
        {
            foreach (var (terminal, kept) in _browsers)
            {
                if (string.Equals(kept, hash, StringComparison.Ordinal)) return terminal;
            }

            return null;
        }
    }

    private static string HashOf(string token) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    private void Keep()
    {
        var fresh = _path + ".new";
        using (var file = new FileStream(fresh, FileMode.Create, FileAccess.Write))
        {
            foreach (var (terminal, hash) in _browsers) file.Write(Encoding.ASCII.GetBytes($"{terminal} {hash}\n"));
            file.Flush(flushToDisk: true);
        }

        File.Move(fresh, _path, overwrite: true);
    }
}

/// <summary>
/// What came of a typed code: the browser's token and its terminal, or the reason in words for the holder.
/// </summary>
public readonly record struct PairingResult(string? Token, Bytes Terminal, string? Refusal);
