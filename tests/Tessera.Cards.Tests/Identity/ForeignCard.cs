using System.IO.Compression;
using System.Numerics;
using System.Security.Cryptography;
using Tessera.Cards.Piv;
using Tessera.Wire;

namespace Tessera.Cards.Tests.Identity;

/// <summary>A PIV card of another maker: it takes short commands only, and has the habits that it is told.</summary>
internal sealed class ForeignCard : ICardChannel
{
    private readonly List<byte> _chained = [];
    private byte[] _pending = [];
    private bool _verified;
    private int _wrong;

    /// <summary>What it answers to SELECT.</summary>
    public string Template { get; init; } = "61114F0600001000010079074F05A000000308";

    /// <summary>Octets of the first part of an answer that is too long: some begin with one, some with none.</summary>
    public int FirstPart { get; init; } = 256;

    /// <summary>It answers 6700 to data with Le.</summary>
    public bool WantsNoLe { get; init; }

    /// <summary>It knows its application by the name without version only.</summary>
    public bool KnowsShortName { get; init; }

    /// <summary>Whole answers to GET DATA, by tag.</summary>
    public Dictionary<uint, byte[]> Objects { get; } = [];

    public Dictionary<byte, AsymmetricAlgorithm> Keys { get; } = [];

    /// <summary>How often the PIN may be wrong before it is blocked.</summary>
    public int Tries { get; init; } = 6;

    /// <summary>How many commands came.</summary>
    public int Commands { get; private set; }

    /// <summary>An object with a certificate as it is, or compressed.</summary>
    public void Put(byte reference, byte[] certificate, byte how = 0x00, bool zlib = false)
    {
        var held = how == 0 ? certificate : Compress(certificate, zlib);
        Objects[PivKeyReference.Certificate(reference)!.Value] = Long(0x53, [.. Long(0x70, held), 0x71, 0x01, how, 0xFE, 0x00]);
    }

    /// <summary>An object whose length takes three octets whatever it is.</summary>
    public static byte[] Long(byte tag, byte[] value) =>
        [tag, 0x82, (byte)(value.Length >> 8), (byte)value.Length, .. value];

    public ValueTask<ResponseApdu> TransmitAsync(CommandApdu command, CancellationToken cancel)
    {
        Commands++;
        if (command.IsExtended) return Status(0x6700);
        if (command.Ins == 0xC0) return Part(command.Le!.Value);
        if (WantsNoLe && command is { Data.Length: > 0, Le: not null }) return Status(0x6700);
        _chained.AddRange(command.Data.Span);
        if (command.IsChained) return Status(0x9000);
        var data = _chained.ToArray();
        _chained.Clear();
        return command.Ins switch
        {
            0xA4 => data.Length == (KnowsShortName ? 9 : 11) ? Answer(Convert.FromHexString(Template)) : Status(0x6A82),
            0x20 when command.P1 != 0x00 => Status(0x6A86),
            0x20 => Verify(data),
            0xCB => Objects.TryGetValue(Tag(data), out var found) ? Answer(found) : Status(0x6A82),
            0x87 => Authenticate(command, data),
            _ => Status(0x6D00),
        };
    }

    private static ValueTask<ResponseApdu> Status(ushort status) =>
        ValueTask.FromResult(new ResponseApdu(new StatusWord(status)));

    private ValueTask<ResponseApdu> Answer(byte[] answer)
    {
        _pending = answer;
        return answer.Length <= 256 && FirstPart == 256 ? Part(256) : Part(FirstPart);
    }

    private ValueTask<ResponseApdu> Part(int length)
    {
        var part = _pending[..Math.Min(length, _pending.Length)];
        _pending = _pending[part.Length..];
        var status = _pending.Length == 0 ? 0x9000 : 0x6100 | (_pending.Length < 256 ? _pending.Length : 0);
        return ValueTask.FromResult(new ResponseApdu(new Bytes(part), new StatusWord((ushort)status)));
    }

    private ValueTask<ResponseApdu> Verify(byte[] data)
    {
        if (_wrong == Tries) return Status(0x6983);
        _verified = data.Length == 8 && data.AsSpan(0, 6).SequenceEqual("123456"u8);
        if (!_verified) _wrong++;
        return Status(_verified ? (ushort)0x9000 : (ushort)(0x63C0 | (Tries - _wrong)));
    }

    private ValueTask<ResponseApdu> Authenticate(CommandApdu command, byte[] data)
    {
        if (!Keys.TryGetValue(command.P2, out var key)) return Status(0x6A88);
        if (!PivKeyReference.IsFree(command.P2) && !_verified) return Status(0x6982);
        var template = new ByteReader(data);
        var objects = new ByteReader(Tlv.ReadExpected(ref template, 0x7C, "template"));
        Tlv.ReadExpected(ref objects, 0x82, "response");
        var input = Tlv.ReadValue(ref objects, out var tag).ToArray();
        var result = (key, tag) switch
        {
            (RSA rsa, 0x81) => Raw(rsa, input),
            (ECDsa ec, 0x81) => ec.SignHash(input, DSASignatureFormat.Rfc3279DerSequence),
            (ECDiffieHellman ec, 0x85) => Agree(ec, input),
            _ => throw new InvalidOperationException("No host asks that."),
        };
        return Answer(Long(0x7C, Long(0x82, result)));
    }

    private static byte[] Raw(RSA rsa, byte[] input)
    {
        var key = rsa.ExportParameters(includePrivateParameters: true);
        var power = BigInteger.ModPow(Number(input), Number(key.D!), Number(key.Modulus!));
        var octets = power.ToByteArray(isUnsigned: true, isBigEndian: true);
        return [.. new byte[key.Modulus!.Length - octets.Length], .. octets];
    }

    private static byte[] Agree(ECDiffieHellman key, byte[] point)
    {
        var half = (point.Length - 1) / 2;
        var curve = key.ExportParameters(includePrivateParameters: false).Curve;
        using var peer = ECDiffieHellman.Create(new ECParameters
        {
            Curve = curve, Q = new ECPoint { X = point[1..(1 + half)], Y = point[(1 + half)..] },
        });
        return key.DeriveRawSecretAgreement(peer.PublicKey);
    }

    private static byte[] Compress(byte[] certificate, bool zlib)
    {
        using var held = new MemoryStream();
        using (Stream stream = zlib
            ? new ZLibStream(held, CompressionLevel.Optimal, leaveOpen: true)
            : new GZipStream(held, CompressionLevel.Optimal, leaveOpen: true))
        {
            stream.Write(certificate);
        }

        return held.ToArray();
    }

    private static uint Tag(byte[] data) => data[2..].Aggregate(0u, (tag, octet) => (tag << 8) | octet);

    private static BigInteger Number(byte[] octets) => new(octets, isUnsigned: true, isBigEndian: true);
}
