using Tessera.Smpp;
using Tessera.Smpp.Centre;
using Tessera.Sms.Messages;
using Tessera.Wire;

namespace Tessera.Storage.Tests.Smsc;

/// <summary>Messages for the tests of their store; every field differs from its neighbours.</summary>
internal static class Held
{
    public static readonly DateTimeOffset Time = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);

    public static HeldMessage Message(long id) => new()
    {
        Id = id,
        From = Party.Esme("shop"),
        To = Party.Of(Msisdn.Parse("+33612345678")),
        Source = new SmppAddress(Ton.Alphanumeric, Npi.Unknown, "Tessera"),
        Destination = SmppAddress.International("33612345678"),
        EsmClass = EsmClass.WithHeader,
        Protocol = ProtocolIdentifier.SimDownload,
        Coding = DataCodingScheme.SimDownload,
        Octets = Bytes.FromHex("027000 0102030405"),
        Registered = RegisteredDelivery.Always,
        Reference = 0xA5,
        Submitted = Time,
        Expires = Time.AddHours(3),
    };

    public static MessageEnd End(long id, MessageState state = MessageState.Delivered) =>
        new(id, Party.Esme("shop"), state, Error: 0x16, Time, Time.AddSeconds(8));

    public static HeldMessage Receipt(long id, MessageEnd about) => Message(id) with
    {
        From = Party.Of(Msisdn.Parse("+33612345678")),
        To = Party.Esme("shop"),
        EsmClass = EsmClass.Receipt,
        Registered = RegisteredDelivery.None,
        Reference = null,
        Tells = about,
    };
}
