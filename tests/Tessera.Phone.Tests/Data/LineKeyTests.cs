using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Tessera.Phone.Data;
using Tessera.Wire;
using Xunit;

namespace Tessera.Phone.Tests.Data;

public class LineKeyTests
{
    [Fact]
    public void A_certificate_is_the_same_identity_on_the_line_as_on_every_link()
    {
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=device", ecdsa, HashAlgorithmName.SHA256);
        using var certificate =
            request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(90));
        using var key = LineKey.Of(certificate);

        Assert.Equal(key.PublicKey, LinePublicKey.Of(certificate));
        Assert.Equal(
            new Bytes(SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo())), key.PublicKey.Identity);
    }

    [Fact]
    public void Two_keys_agree_whatever_the_sign_of_their_points()
    {
        for (var i = 0; i < 32; i++)
        {
            using var one = LineKey.Generate();
            using var other = LineKey.Generate();
            Assert.Equal(one.PublicKey, LinePublicKey.Parse(one.PublicKey.ToString()));
            Assert.Equal(one.Agree(other.PublicKey), other.Agree(one.PublicKey));
        }
    }

    [Fact]
    public void What_is_no_point_of_the_curve_is_no_key()
    {
        using var key = LineKey.Generate();
        var point = key.PublicKey.Point.ToArray();
        Assert.Throws<WireFormatException>(() => Read([0x04, .. point[1..]]));
        Assert.Throws<WireFormatException>(() => Read([0x02, .. Enumerable.Repeat((byte)0xFF, 32)]));

        // Half of all numbers are the x of a point.
        var refused = Enumerable.Range(1, 64).Count(x => !TryRead([0x02, .. new byte[31], (byte)x]));
        Assert.InRange(refused, 16, 48);
        Assert.ThrowsAny<FormatException>(() => LinePublicKey.Parse("02"));
    }

    private static LinePublicKey Read(byte[] octets) => new Bytes(octets).Read<LinePublicKey>();

    private static bool TryRead(byte[] octets)
    {
        try
        {
            Read(octets);
            return true;
        }
        catch (WireFormatException)
        {
            return false;
        }
    }
}
