using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using Tessera.Wire;

namespace Tessera.Server.Browsers;

/// <summary>
/// Gives a browser its terminal: a code that the terminal shows is typed into the browser. A code works once, wrong
/// codes are budgeted, and the browser then holds a random token.
/// </summary>
public sealed class Pairing(TimeProvider time)
{
    public const int CodeDigits = 6;

    private const int MaxTerminals = 10_000;
    private const int MaxBrowsers = 10_000;
    private const int WrongCodesPerMinute = 10;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Bytes> _terminals = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Bytes> _browsers = new(StringComparer.Ordinal);
    private readonly Queue<DateTimeOffset> _wrong = new();

    /// <summary>A fresh code for the terminal to show; the one it had before stops working.</summary>
    /// <exception cref="InvalidOperationException">More terminals are waiting than the server takes.</exception>
    public string CodeFor(Bytes terminal)
    {
        lock (_gate)
        {
            Withdraw(terminal);
            if (_terminals.Count >= MaxTerminals) throw new InvalidOperationException("Too many terminals wait for a browser.");
            for (; ; )
            {
                var code = RandomNumberGenerator.GetInt32(1_000_000).ToString("D6", CultureInfo.InvariantCulture);
                if (_terminals.TryAdd(code, terminal)) return code;
            }
        }
    }

    /// <summary>Binds a browser to the terminal that shows <paramref name="code"/>: its token, or why not.</summary>
    public PairingResult Confirm(string code)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            while (_wrong.TryPeek(out var oldest) && now - oldest > TimeSpan.FromMinutes(1)) _wrong.Dequeue();
            if (_wrong.Count >= WrongCodesPerMinute)
                return new PairingResult(null, default, "Too many wrong codes. Wait a minute.");

            var digits = new string([.. code.Where(char.IsAsciiDigit).Take(CodeDigits + 1)]);
            if (!_terminals.Remove(digits, out var terminal))
            {
                _wrong.Enqueue(now);
                return new PairingResult(null, default, "No terminal shows that code now.");
            }

            if (_browsers.Count >= MaxBrowsers) return new PairingResult(null, default, "Too many browsers are connected.");
            var token = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
            _browsers[token] = terminal;
            return new PairingResult(token, terminal, null);
        }
    }

    /// <summary>The terminal of the browser that holds <paramref name="token"/>, or null.</summary>
    public Bytes? TerminalOf(string? token) =>
        token is not null && _browsers.TryGetValue(token, out var terminal) ? terminal : null;

    private void Withdraw(Bytes terminal)
    {
        foreach (var code in _terminals.Where(p => p.Value == terminal).Select(p => p.Key).ToArray()) _terminals.Remove(code);
    }
}

/// <summary>
/// What came of a typed code: the browser's token and its terminal, or the reason in words for the holder.
/// </summary>
public readonly record struct PairingResult(string? Token, Bytes Terminal, string? Refusal);
