using System.Security.Cryptography;
using System.Text;
using Tessera.Toolkit.Links;
using Tessera.Wire;

namespace Tessera.Toolkit.Verifiers;

/// <summary>
/// What is known of a verifier to those who send to it and who believe it (docs/protocols/verifier.md §1): it compares what
/// holders enter at terminals, which nobody on the way can read.
/// </summary>
/// <remarks>
/// <code>
/// tessera-verifier-1
/// name NAME
/// sealing 130 hexadecimal digits
/// signing hexadecimal digits
/// </code>
/// each a line that 0A ends.
/// </remarks>
public sealed record VerifierKey
{
    public const int IdLength = 8;

    /// <summary>Characters of the longest name: it stands on small displays.</summary>
    public const int MaxName = 24;

    private const string Format = "tessera-verifier-1";
    private const int MaxText = 4096;

    /// <param name="name">For holders, whom a terminal tells it before they enter anything.</param>
    /// <param name="sealing">Public key of P-256, uncompressed: what holders enter is encrypted for it.</param>
    /// <param name="signing">SubjectPublicKeyInfo of P-256: verdicts are signed by it, and TLS connections are.</param>
    /// <exception cref="FormatException">One of them is not of its kind; the message says which.</exception>
    public VerifierKey(string name, Bytes sealing, Bytes signing)
    {
        if (name.Length is 0 or > MaxName || name.Any(char.IsControl) || name.Trim().Length < name.Length)
            throw new FormatException($"The name of a verifier has 1 to {MaxName} characters in one line.");
        if (!Hpke.IsPublicKey(sealing)) throw new FormatException("The sealing key of a verifier is no key of P-256.");
        try
        {
            using var key = ECDsa.Create();
            key.ImportSubjectPublicKeyInfo(signing.Span, out var read);
            if (read != signing.Length || key.KeySize != 256) throw new CryptographicException("Of another kind.");
        }
        catch (CryptographicException bad)
        {
            throw new FormatException("The signing key of a verifier is no key of P-256.", bad);
        }

        (Name, Sealing, Signing) = (name, sealing, signing);
    }

    public string Name { get; }

    public Bytes Sealing { get; }

    public Bytes Signing { get; }

    /// <summary>Names it in scripts: the first 8 octets of SHA-256 of its sealing key.</summary>
    public Bytes Id => new(SHA256.HashData(Sealing.Span).AsMemory(0, IdLength));

    /// <summary>Who it is in TLS.</summary>
    public PeerIdentity Identity => new(new Bytes(SHA256.HashData(Signing.Span)));

    /// <summary>Reads the file that a verifier publishes.</summary>
    /// <exception cref="FormatException">It is none; the message names the file.</exception>
    public static VerifierKey Load(string path)
    {
        var file = new FileInfo(path);
        if (file.Length > MaxText) throw new FormatException($"{path} is too long for a verifier.");
        try
        {
            return Parse(File.ReadAllText(path));
        }
        catch (FormatException bad)
        {
            throw new FormatException($"{path}: {bad.Message}", bad);
        }
    }

    /// <exception cref="FormatException">The text is none.</exception>
    public static VerifierKey Parse(string text)
    {
        if (text.Split('\n') is not [Format, var name, var sealing, var signing, ""])
            throw new FormatException($"It is no verifier: four lines are wanted, the first {Format}.");
        return new VerifierKey(Value(name, "name"), Octets(sealing, "sealing"), Octets(signing, "signing"));
    }

    /// <summary>The file that it publishes.</summary>
    public override string ToString() => new StringBuilder()
        .Append(Format).Append('\n')
        .Append("name ").Append(Name).Append('\n')
        .Append("sealing ").Append(Sealing).Append('\n')
        .Append("signing ").Append(Signing).Append('\n').ToString();

    private static Bytes Octets(string line, string field) => Bytes.FromHex(Value(line, field));

    private static string Value(string line, string field) => line.StartsWith(field + ' ', StringComparison.Ordinal)
        ? line[(field.Length + 1)..]
        : throw new FormatException($"A line begins with {field}.");
}
