using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Tessera.Wire;

namespace Tessera.Phone.Data;

/// <summary>A public key of the line: a point of P-256 in compressed form (SEC 1 §2.3.3).</summary>
/// <remarks>
/// <code>
/// sign   1    02 or 03: the lowest bit of y
/// x      32
/// </code>
/// </remarks>
public readonly record struct LinePublicKey : IWireFormat<LinePublicKey>
{
    public const int Length = 1 + Coordinate;

    private const int Coordinate = 32;
    private const byte Even = 0x02;

    private static readonly BigInteger P =
        Number("0FFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF");

    private static readonly BigInteger B =
        Number("05AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B");

    private LinePublicKey(Bytes point) => Point = point;

    public Bytes Point { get; }

    /// <summary>SHA-256 of its SubjectPublicKeyInfo: the same identity that the key has on every other link.</summary>
    public Bytes Identity
    {
        get
        {
            using var key = Import();
            return new Bytes(SHA256.HashData(key.ExportSubjectPublicKeyInfo()));
        }
    }

    /// <exception cref="ArgumentException">The certificate has no key of P-256.</exception>
    public static LinePublicKey Of(X509Certificate2 certificate)
    {
        using var key = certificate.GetECDsaPublicKey();
        if (key is not { KeySize: 8 * Coordinate })
            throw new ArgumentException("The certificate has no key of P-256.", nameof(certificate));
        return Of(key.ExportParameters(includePrivateParameters: false).Q);
    }

    /// <summary>From 66 hexadecimal digits.</summary>
    /// <exception cref="FormatException">Not the digits of a point of the curve.</exception>
    public static LinePublicKey Parse(string hex) => Bytes.FromHex(hex).Read<LinePublicKey>();

    public static LinePublicKey Read(ref ByteReader reader)
    {
        var at = reader.Offset;
        var point = reader.ReadBytes(Length, "public key");
        if (point.Span[0] is not (Even or Even + 1) || !TrySolve(point.Span, out _))
            throw new WireFormatException("public key", at, "is no point of P-256");
        return new LinePublicKey(point);
    }

    public void Write(ByteWriter writer) => writer.WriteBytes(Point);

    public override string ToString() => Point.ToString();

    internal static LinePublicKey Of(ECPoint point) =>
        new(new Bytes((byte[])[(byte)(Even + (point.Y![^1] & 1)), .. point.X!]));

    /// <summary>The key as the platform takes it; the caller disposes it.</summary>
    internal ECDiffieHellman Import()
    {
        if (!TrySolve(Point.Span, out var y)) throw new InvalidOperationException("There is no key.");
        return ECDiffieHellman.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = Point.Span[1..].ToArray(), Y = y },
        });
    }

    /// <summary>y² = x³ - 3x + b; p is 3 modulo 4, so the root is a power. Keys are public: time may tell.</summary>
    private static bool TrySolve(ReadOnlySpan<byte> point, out byte[] y)
    {
        y = new byte[Coordinate];
        if (point.Length != Length) return false;

        var x = new BigInteger(point[1..], isUnsigned: true, isBigEndian: true);
        if (x >= P) return false;

        var square = ((x * x * x) - (3 * x) + B) % P;
        if (square.Sign < 0) square += P;
        var root = BigInteger.ModPow(square, (P + 1) / 4, P);
        if (root * root % P != square || root.IsZero) return false;

        if (root.IsEven != (point[0] == Even)) root = P - root;
        root.TryWriteBytes(y.AsSpan(Coordinate - root.GetByteCount(isUnsigned: true)), out _, isUnsigned: true,
            isBigEndian: true);
        return true;
    }

    private static BigInteger Number(string hex) =>
        BigInteger.Parse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
