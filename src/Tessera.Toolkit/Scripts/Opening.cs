using System.Buffers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Tessera.Cards.Purse;
using Tessera.Cards.Store;
using Tessera.Wire;

namespace Tessera.Toolkit.Scripts;

/// <summary>
/// How a card opens a session by itself, in one message: who it is and what it holds (docs/protocols/sms.md §4).
/// </summary>
/// <remarks>
/// <code>
/// E3 L
///   C0 04 version 1 | session 2, not 0 | 00
///   C9 2B answer to INITIALIZE over the nonce 00 × 8      absent where the purse refused
///   CA L  TERMINAL PROFILE, or 4 octets of its digest
///   CB 3n { field 1 | version 2 }, fields rising          absent where the data store is empty
///   CE 3n { list 1 | version 2 }, the newest last         absent where the card keeps none for the application
///   CD L  the application, 1 to 16 characters; or
///   D7 04 the login of a caller, who chose it in the call
/// </code>
/// </remarks>
/// <param name="Session">The number the card gave it, never 0.</param>
/// <param name="Purse">What INITIALIZE answered, its S1 over the nonce zero; null where the purse refused.</param>
/// <param name="Fields">What the data store holds, fields rising, at most 16.</param>
/// <param name="Application">Its name: 1 to 16 graphic ASCII characters; empty where there is a login.</param>
public sealed record Opening(
    ushort Session, PurseState? Purse, OpeningProfile Profile, Sequence<OpeningField> Fields, string Application)
    : IWireFormat<Opening>
{
    public const int MaxApplication = 16;

    /// <summary>Lists that a card keeps.</summary>
    public const int MaxLists = 8;

    /// <summary>The nonce of its INITIALIZE: an S1 over it never closes a movement as not done.</summary>
    public static Bytes Nonce { get; } = new(new byte[PurseMac.NonceLength]);

    /// <summary>Lists that the card keeps for the application, each id once, the newest last.</summary>
    public Sequence<ListVersion> Lists { get; init; } = [];

    /// <summary>The pair of a caller (docs/protocols/sms.md §7); null where an application was chosen.</summary>
    public LoginPair? Login { get; init; }

    public static Opening Read(ref ByteReader reader)
    {
        var inner = new ByteReader(Tlv.ReadExpected(ref reader, ScriptTags.Opening, "opening"));
        var session = ReadHead(Tlv.ReadExpected(ref inner, ScriptTags.Head, "C0"));

        var value = Tlv.ReadValue(ref inner, out var tag);
        PurseState? purse = tag == ScriptTags.InitializeAnswer ? Bytes.CopyOf(value).Read<PurseState>() : null;
        if (purse is not null) value = Tlv.ReadValue(ref inner, out tag);

        if (tag != ScriptTags.Profile) throw new WireFormatException("CA", inner.Offset, $"{tag:X2} where CA belongs");
        var profile = OpeningProfile.Of(value);

        value = Tlv.ReadValue(ref inner, out tag);
        var fields = tag == ScriptTags.FieldVersions ? ReadFields(value) : [];
        if (tag == ScriptTags.FieldVersions) value = Tlv.ReadValue(ref inner, out tag);

        var lists = tag == ScriptTags.ListVersions ? ReadLists(value) : [];
        if (tag == ScriptTags.ListVersions) value = Tlv.ReadValue(ref inner, out tag);

        var login = tag == ScriptTags.Login ? Bytes.CopyOf(value).Read<LoginPair>() : null;
        if (login is null && tag != ScriptTags.Application)
            throw new WireFormatException("CD", inner.Offset, $"{tag:X2} where CD or D7 belongs");
        var application = login is null ? ReadApplication(value) : "";
        inner.ReadEnd("opening");
        return new Opening(session, purse, profile, fields, application) { Lists = lists, Login = login };
    }

    public void Write(ByteWriter writer) => Tlv.Write(writer, ScriptTags.Opening, Bytes.Of(output =>
    {
        var inner = new ByteWriter(output);
        Tlv.Write(inner, ScriptTags.Head, Bytes.Of(new ScriptHead(ScriptHead.CurrentVersion, Session, 0)).Span);
        if (Purse is { } purse) Tlv.Write(inner, ScriptTags.InitializeAnswer, Bytes.Of(purse).Span);
        Tlv.Write(inner, ScriptTags.Profile, Profile.Octets.Span);
        if (Fields.Count > 0) Tlv.Write(inner, ScriptTags.FieldVersions, Bytes.Of(WriteFields).Span);
        if (Lists.Count > 0) Tlv.Write(inner, ScriptTags.ListVersions, Bytes.Of(WriteLists).Span);
        if (Login is { } login) Tlv.Write(inner, ScriptTags.Login, Bytes.Of(login).Span);
        else Tlv.Write(inner, ScriptTags.Application, Encoding.ASCII.GetBytes(Application));
    }).Span);

    /// <summary>True for a name that an opening can carry.</summary>
    public static bool IsApplication(string name) => IsApplication(Encoding.UTF8.GetBytes(name));

    private static bool IsApplication(ReadOnlySpan<byte> name) =>
        name.Length is >= 1 and <= MaxApplication && !name.ContainsAnyExceptInRange((byte)'!', (byte)'~');

    private static ushort ReadHead(ReadOnlySpan<byte> value)
    {
        var head = Bytes.CopyOf(value).Read<ScriptHead>();
        return head is { Version: ScriptHead.CurrentVersion, Session: not 0, Number: 0 }
            ? head.Session
            : throw new WireFormatException("C0", 0, "has another version, session 0, or a script's number");
    }

    private static Sequence<OpeningField> ReadFields(ReadOnlySpan<byte> value)
    {
        var reader = new ByteReader(value);
        var fields = new List<OpeningField>();
        do
        {
            var at = reader.Offset;
            var field = new OpeningField(reader.ReadByte("field"), reader.ReadUInt16("version"));
            if (field.Version == 0) throw new WireFormatException("version", at + 1, "is 0, but the field is there");
            if (field.Field == 0 || (fields.Count > 0 && field.Field <= fields[^1].Field))
                throw new WireFormatException("field", at, $"{field.Field:X2} does not come after the one before");
            if (fields.Count == StoreCommands.MaxFields)
                throw new WireFormatException("CB", at, $"more than {StoreCommands.MaxFields} fields");
            fields.Add(field);
        }
        while (reader.Remaining > 0);

        return fields.ToSequence();
    }

    private static Sequence<ListVersion> ReadLists(ReadOnlySpan<byte> value)
    {
        var reader = new ByteReader(value);
        var lists = new List<ListVersion>();
        do
        {
            var at = reader.Offset;
            var list = new ListVersion(reader.ReadByte("list"), reader.ReadUInt16("version"));
            if (lists.Exists(other => other.Id == list.Id))
                throw new WireFormatException("list", at, $"{list.Id:X2} is there twice");
            if (lists.Count == MaxLists) throw new WireFormatException("CE", at, $"more than {MaxLists} lists");
            lists.Add(list);
        }
        while (reader.Remaining > 0);

        return lists.ToSequence();
    }

    private static string ReadApplication(ReadOnlySpan<byte> value) => IsApplication(value)
        ? Encoding.ASCII.GetString(value)
        : throw new WireFormatException("application", 0, $"is not 1 to {MaxApplication} graphic ASCII characters");

    private void WriteLists(IBufferWriter<byte> output)
    {
        var writer = new ByteWriter(output);
        foreach (var (id, version) in Lists)
        {
            writer.WriteByte(id);
            writer.WriteUInt16(version);
        }
    }

    private void WriteFields(IBufferWriter<byte> output)
    {
        var writer = new ByteWriter(output);
        foreach (var (field, version) in Fields)
        {
            writer.WriteByte(field);
            writer.WriteUInt16(version);
        }
    }
}

/// <summary>A field of the data store and the version that the card has of it.</summary>
/// <param name="Field">01 to FF.</param>
/// <param name="Version">0001 to FFFF.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct OpeningField(byte Field, ushort Version);

/// <summary>The phone's TERMINAL PROFILE as an opening names it: whole, or by its digest.</summary>
/// <remarks>
/// <code>
/// profile   5 to 255 octets; a shorter one is padded with 00, which is what absent octets count as
/// digest    the first 4 octets of SHA-256 over that
/// </code>
/// </remarks>
public sealed record OpeningProfile
{
    public const int DigestLength = 4;

    private const int MinLength = 5;

    private OpeningProfile(Bytes octets) => Octets = octets;

    /// <summary>As they stand in the opening.</summary>
    public Bytes Octets { get; }

    public bool IsDigest => Octets.Length == DigestLength;

    /// <summary>The profile itself.</summary>
    /// <exception cref="ArgumentException">More than 255 octets.</exception>
    public static OpeningProfile Whole(ReadOnlySpan<byte> profile)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(profile.Length, byte.MaxValue, nameof(profile));
        var padded = new byte[Math.Max(profile.Length, MinLength)];
        profile.CopyTo(padded);
        return new OpeningProfile(new Bytes(padded));
    }

    /// <summary>What stands for this profile where it has been sent before.</summary>
    public OpeningProfile ToDigest() =>
        IsDigest ? this : new OpeningProfile(Bytes.CopyOf(SHA256.HashData(Octets.Span).AsSpan(0, DigestLength)));

    /// <exception cref="WireFormatException">Fewer than 4 octets, or more than 255.</exception>
    internal static OpeningProfile Of(ReadOnlySpan<byte> octets) =>
        octets.Length is >= DigestLength and <= byte.MaxValue
        ? new OpeningProfile(Bytes.CopyOf(octets))
        : throw new WireFormatException("CA", 0, $"has {octets.Length} octets");
}
