using System.Security.Cryptography;
using Tessera.Wire;

namespace Tessera.Toolkit.Links;

/// <summary>A code for one terminal, as its operator sees it: once.</summary>
/// <param name="Digits">To be typed at the terminal.</param>
/// <param name="Until">When it is worth nothing any more.</param>
public sealed record EnrolmentCode(string Digits, DateTimeOffset Until)
{
    /// <summary>Not the digits: they are no word for a log.</summary>
    public override string ToString() => $"A code until {Until:O}";
}

/// <summary>
/// Where a server takes terminals in by one-time codes (docs/protocols/link.md §7): it makes the codes, keeps no more of
/// them than their keys, and that in memory only, and lets a terminal in that proves one.
/// </summary>
/// <param name="server">The key that terminals see.</param>
/// <param name="register">
/// Makes a terminal known, durably; again for one that is known already. <see cref="InvalidOperationException"/> where
/// there is no room.
/// </param>
public sealed class EnrolmentDesk(PeerIdentity server, Action<PeerIdentity, string> register, TimeProvider time)
    : IDisposable
{
    /// <summary>Codes at the same time.</summary>
    public const int MaxCodes = 16;

    private readonly Lock _gate = new();
    private readonly List<Code> _codes = [];

    /// <summary>How long a code is good.</summary>
    public static TimeSpan Life => TimeSpan.FromMinutes(15);

    /// <summary>Whether there is a code that a terminal could be taken in by.</summary>
    public bool IsOpen
    {
        get
        {
            lock (_gate)
            {
                Forget();
                return _codes.Any(code => code.User is null);
            }
        }
    }

    /// <summary>A new code.</summary>
    /// <exception cref="InvalidOperationException">There are too many that nobody used.</exception>
    public EnrolmentCode NewCode()
    {
        lock (_gate)
        {
            Forget();
            if (_codes.Count >= MaxCodes)
                throw new InvalidOperationException($"{MaxCodes} codes are open: one of them has to be used or to expire.");
            var (digits, key) = EnrolmentKey.Draw();
            var until = time.GetUtcNow() + Life;
            _codes.Add(new Code(key, until));
            return new EnrolmentCode(digits, until);
        }
    }

    /// <summary>A terminal was withdrawn: the code that it came by does not bring it back.</summary>
    public void Void(PeerIdentity terminal)
    {
        lock (_gate) Forget(code => code.User == terminal);
    }

    public void Dispose()
    {
        lock (_gate) Forget(_ => true);
    }

    /// <summary>Takes the terminal in, or does so again, and answers with the proof of the server.</summary>
    /// <returns>Null where it is refused. Who named a code and did not prove it has used it up.</returns>
    internal EnrolProof? Conclude(Enrolment enrolment, EnrolProof proof)
    {
        var (terminal, request, challenge) = enrolment;
        lock (_gate)
        {
            Forget();
            var code = _codes.Find(one =>
                CryptographicOperations.FixedTimeEquals(one.Key.Selector.Span, request.Selector.Span));
            if (code is null) return null;

            var expected = code.Key.Prove(EnrolmentSide.Terminal, terminal, server, request, challenge);
            if (!CryptographicOperations.FixedTimeEquals(expected.Mac.Span, proof.Mac.Span))
            {
                Forget(one => one == code);
                return null;
            }

            if (code.User is { } user && user != terminal) return null;
            register(terminal, request.Name);
            code.User = terminal;
            return code.Key.Prove(EnrolmentSide.Server, terminal, server, request, challenge);
        }
    }

    private void Forget()
    {
        var now = time.GetUtcNow();
        Forget(code => code.Until <= now);
    }

    private void Forget(Predicate<Code> over)
    {
        foreach (var code in _codes.FindAll(over))
        {
            _codes.Remove(code);
            code.Key.Dispose();
        }
    }

    private sealed class Code(EnrolmentKey key, DateTimeOffset until)
    {
        public EnrolmentKey Key => key;

        public DateTimeOffset Until => until;

        /// <summary>Whom it brought in: the same may come again, should the answer have been lost.</summary>
        public PeerIdentity? User { get; set; }
    }
}

/// <summary>A terminal that asks to be taken in, on its connection.</summary>
internal sealed record Enrolment(PeerIdentity Terminal, EnrolRequest Request, EnrolChallenge Challenge)
{
    /// <summary>Whether there is such a code is not told before the terminal has proven that it knows it.</summary>
    public static Enrolment Begin(PeerIdentity terminal, EnrolRequest request) =>
        new(terminal, request, new EnrolChallenge(new Bytes(RandomNumberGenerator.GetBytes(EnrolRequest.NonceLength))));
}
