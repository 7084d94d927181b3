using System.Buffers;
using System.Security.Cryptography;
using Tessera.Cards;
using Tessera.Toolkit.Commands;
using Tessera.Wire;

namespace Tessera.Toolkit.Scripts;

/// <summary>What was done and shown in a script so far, as one SHA-256 (docs/protocols/script.md §5).</summary>
/// <remarks>
/// <code>
/// 54 65 73 73 65 72 61 01                 "Tessera", version
/// server identity 8 | session 2 | number 1
/// 22 L C-APDU | 23 L R-APDU               a command for the card, PINs left out
/// D0 L proactive command | C7 L step, result, objects
/// CF L payment                            confirmed, before its MOVE
/// D8 L flags, text | C7 L step, result    printed, or not
/// D9 L source, verifier, nonce | C7 L step, result, objects    sent to a verifier
/// </code>
/// </remarks>
public sealed class ScriptDigest
{
    public const int Length = 32;
    public const int ServerLength = 8;

    private const int ShortHeader = 4;

    private readonly ArrayBufferWriter<byte> _record = new();
    private readonly Bytes _server;
    private readonly ScriptHead _head;

    /// <param name="server">Server identity: the first 8 octets of SHA-256 of its SubjectPublicKeyInfo.</param>
    public ScriptDigest(Bytes server, ScriptHead head)
    {
        if (server.Length != ServerLength)
            throw new ArgumentException($"Not {ServerLength} octets, but {server.Length}.", nameof(server));
        (_server, _head) = (server, head);
        _record.Write("Tessera\x01"u8);
        WriteScript(_record);
    }

    /// <summary>The digest of everything so far.</summary>
    public Bytes Current => new(SHA256.HashData(_record.WrittenSpan));

    /// <summary>The octets that the digest is taken over.</summary>
    public Bytes Record => Bytes.CopyOf(_record.WrittenSpan);

    /// <summary>
    /// "Tessera signature", 00, server identity, session, number, the nonce if there is one, and the digest: a card signs
    /// the SHA-256 of it.
    /// </summary>
    public Bytes Statement(Bytes nonce) => Bytes.Of(output =>
    {
        output.Write("Tessera signature\0"u8);
        WriteScript(output);
        output.Write(nonce.Span);
        output.Write(Current.Span);
    });

    /// <summary>A command and its answer.</summary>
    public void Sent(CommandApdu command, ResponseApdu answer)
    {
        Append(ScriptTags.CardCommand, Bytes.Of(command));
        Append(ScriptTags.CardAnswer, Bytes.Of(answer));
    }

    /// <summary>A command that carried a PIN in any of its forms: header, Lc 00 and the status.</summary>
    public void SentPin(CommandApdu command, StatusWord status)
    {
        var header = Bytes.Of(command with { Data = Bytes.Empty, Le = null }).Span[..ShortHeader];
        Append(ScriptTags.CardCommand, new Bytes((byte[])[.. header, 0x00]));
        Append(ScriptTags.CardAnswer, Bytes.Of(status));
    }

    /// <summary>A proactive command and what came of it, be it a plain success.</summary>
    public void Performed(ProactiveCommand command, ToolkitResult result)
    {
        _record.Write(Bytes.Of(command).Span);
        Entered(result);
    }

    /// <summary>Lines for the printer and how that ended, be it a plain success.</summary>
    public void Printed(PrintStep step, ToolkitResult result)
    {
        Append(ScriptTags.Print, Bytes.Of(output => step.WriteValue(new ByteWriter(output))));
        Entered(result);
    }

    /// <summary>What was entered for a verifier, encrypted.</summary>
    public void Sealed(SealedStep step, ToolkitResult result)
    {
        Append(ScriptTags.Sealed, Bytes.Of(output => step.WriteValue(new ByteWriter(output))));
        Entered(result);
    }

    /// <summary>A visible input of the terminal's own, whose wording is no part of the digest.</summary>
    public void Entered(ToolkitResult result) =>
        result.Write(new ByteWriter(_record));

    public void Confirmed(Payment payment) => Append(ScriptTags.Payment, Bytes.Of(payment));

    private void WriteScript(IBufferWriter<byte> output)
    {
        output.Write(_server.Span);
        output.Write([(byte)(_head.Session >> 8), (byte)_head.Session, _head.Number]);
    }

    private void Append(byte tag, Bytes value) => new Tlv(tag, value).Write(new ByteWriter(_record));
}
