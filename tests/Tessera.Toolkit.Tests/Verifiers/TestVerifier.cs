using System.Security.Cryptography;
using Tessera.Toolkit.Verifiers;
using Tessera.Wire;

namespace Tessera.Toolkit.Tests.Verifiers;

/// <summary>The keys of a verifier that lives as long as a test.</summary>
internal sealed class TestVerifier : IDisposable
{
    public TestVerifier() => Key = new VerifierKey(
        "Test Bank", Hpke.PublicKeyOf(Sealing), new Bytes(Signing.ExportSubjectPublicKeyInfo()));

    public ECDiffieHellman Sealing { get; } = Hpke.CreateKey();

    public ECDsa Signing { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public VerifierKey Key { get; }

    public void Dispose()
    {
        Sealing.Dispose();
        Signing.Dispose();
    }
}
