using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Tessera.Phone.Sip;

/// <summary>What an answer to a challenge proves.</summary>
internal enum DigestResult
{
    Right,

    /// <summary>Not given, or wrong.</summary>
    Wrong,

    /// <summary>Right, but the nonce is too old or was used up.</summary>
    Stale,
}

/// <summary>
/// Challenges and checks (RFC 7616 §5): a nonce is a moment under our own key and lives for a while, and each count of
/// it
/// serves once.
/// </summary>
internal sealed class DigestServer(string realm, IReadOnlyList<DigestAlgorithm> algorithms, TimeProvider time)
{
    private const int MaxCounted = 10_000;
    private const int MomentLength = 8;
    private const int RandomLength = 8;
    private const int CodeLength = 16;

    private static readonly TimeSpan Life = TimeSpan.FromMinutes(5);

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly Dictionary<string, uint> _counts = new(StringComparer.Ordinal);

    /// <summary>The header fields of a 401.</summary>
    public IEnumerable<SipHeader> Challenge(bool stale)
    {
        foreach (var algorithm in algorithms)
        {
            var challenge = new DigestChallenge(realm, Nonce(), algorithm) { IsStale = stale };
            yield return new SipHeader("WWW-Authenticate", challenge.ToString());
        }
    }

    /// <summary>The answer of a request to a challenge of ours; null where it has none.</summary>
    public DigestAuthorization? Find(SipRequest request) => request.Headers.Named("Authorization")
        .Select(DigestAuthorization.Read)
        .FirstOrDefault(given => given?.Realm.Equals(realm, StringComparison.Ordinal) ?? false);

    public DigestResult Check(SipRequest request, DigestAuthorization given, string password)
    {
        var expected = given.Algorithm.Response(given, password, request.Method);
        var right = CryptographicOperations.FixedTimeEquals(
                Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(given.Response))
            && algorithms.Contains(given.Algorithm) && given.Qop is "auth" && Names(request, given.Uri);
        if (!right || Age(given.Nonce) is not { } age) return DigestResult.Wrong;
        return age <= Life && Counts(given) ? DigestResult.Right : DigestResult.Stale;
    }

    private static bool Names(SipRequest request, string uri)
    {
        try
        {
            return SipUri.Parse(uri).Matches(request.Uri);
        }
        catch (FormatException)
        {
            return false;
        }
    }

    /// <summary>Each count once, and rising: who listens in cannot use an answer again.</summary>
    private bool Counts(DigestAuthorization given)
    {
        if (!uint.TryParse(given.Count, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var count))
            return false;
        if (count <= _counts.GetValueOrDefault(given.Nonce)) return false;
        if (_counts.Count >= MaxCounted) Forget();
        _counts[given.Nonce] = count;
        return true;
    }

    private void Forget()
    {
        foreach (var nonce in _counts.Keys)
        {
            if (Age(nonce) > Life) _counts.Remove(nonce);
        }

        // All are young: their owners are challenged once more, under a new key.
        if (_counts.Count < MaxCounted) return;
        _counts.Clear();
        RandomNumberGenerator.Fill(_key);
    }

    private string Nonce()
    {
        var nonce = new byte[MomentLength + RandomLength + CodeLength];
        BinaryPrimitives.WriteInt64BigEndian(nonce, time.GetUtcNow().UtcTicks);
        RandomNumberGenerator.Fill(nonce.AsSpan(MomentLength, RandomLength));
        Code(nonce).CopyTo(nonce.AsSpan(MomentLength + RandomLength));
        return Convert.ToHexStringLower(nonce);
    }

    /// <summary>Null for a nonce that is none of ours.</summary>
    private TimeSpan? Age(string text)
    {
        if (text.Length != 2 * (MomentLength + RandomLength + CodeLength) || !text.All(char.IsAsciiHexDigit))
            return null;
        var nonce = Convert.FromHexString(text);
        if (!CryptographicOperations.FixedTimeEquals(Code(nonce), nonce.AsSpan(MomentLength + RandomLength)))
            return null;
        return time.GetUtcNow() - new DateTimeOffset(BinaryPrimitives.ReadInt64BigEndian(nonce), TimeSpan.Zero);
    }

    private byte[] Code(byte[] nonce) =>
        HMACSHA256.HashData(_key, nonce.AsSpan(0, MomentLength + RandomLength))[..CodeLength];
}
