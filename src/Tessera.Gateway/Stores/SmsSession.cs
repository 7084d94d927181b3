using System.Runtime.InteropServices;
using Tessera.Cards;
using Tessera.Wire;

namespace Tessera.Gateway;

/// <summary>Names one session: the card, and the number the card gave it.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct SmsSessionId(CardId Card, ushort Number)
{
    public override string ToString() => $"{Card}/{Number:X4}";
}

/// <summary>A session on record.</summary>
/// <param name="Opening">As the card sent it.</param>
/// <param name="Profile">Of the phone; empty where the opening names one that was never told.</param>
/// <param name="Heard">When the card spoke last.</param>
/// <param name="Begun">A script of it was sent before: what uses its link goes on, it does not begin.</param>
public sealed record SmsSession(
    SmsSessionId Id, Bytes Opening, Bytes Profile, DateTimeOffset Heard, bool Begun, SmsTraffic Traffic);

/// <summary>Short messages of one session, every part counted.</summary>
/// <param name="Up">From the card, as far as they were taken.</param>
/// <param name="Down">To the card, as far as the SMSC accepted them.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct SmsTraffic(MessageCount Up, MessageCount Down)
{
    public int Messages => Up.Messages + Down.Messages;
}

/// <summary>A number of short messages and the octets of their user data, headers included.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct MessageCount(int Messages, int Octets)
{
    public static MessageCount operator +(MessageCount left, MessageCount right) => left.Plus(right);

    public MessageCount Plus(MessageCount other) => new(Messages + other.Messages, Octets + other.Octets);
}
