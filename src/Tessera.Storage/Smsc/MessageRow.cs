using Tessera.Smpp;
using Tessera.Smpp.Centre;
using Tessera.Sms.Messages;
using Tessera.Wire;

namespace Tessera.Storage.Smsc;

/// <summary>A row of <c>smsc_messages</c>.</summary>
internal sealed class MessageRow
{
    public const string Columns =
        """
        message_id AS MessageId, sender AS Sender, recipient AS Recipient,
        source_ton AS SourceTon, source_npi AS SourceNpi, source AS Source,
        destination_ton AS DestinationTon, destination_npi AS DestinationNpi, destination AS Destination,
        esm_class AS EsmClass, protocol_id AS ProtocolId, data_coding AS DataCoding, octets AS Octets,
        registered AS Registered, reference AS Reference, submitted AS Submitted, expires AS Expires,
        told_id AS ToldId, told_state AS ToldState, told_error AS ToldError, told_submitted AS ToldSubmitted,
        told_done AS ToldDone
        """;

    public const string Insert =
        """
        INSERT INTO smsc_messages (
          message_id, sender, recipient, source_ton, source_npi, source,
          destination_ton, destination_npi, destination, esm_class, protocol_id, data_coding, octets,
          registered, reference, submitted, expires, told_id, told_state, told_error, told_submitted, told_done)
        VALUES (
          @MessageId, @Sender, @Recipient, @SourceTon, @SourceNpi, @Source,
          @DestinationTon, @DestinationNpi, @Destination, @EsmClass, @ProtocolId, @DataCoding, @Octets,
          @Registered, @Reference, @Submitted, @Expires, @ToldId, @ToldState, @ToldError, @ToldSubmitted, @ToldDone)
        """;

    public MessageRow() { }

    public MessageRow(HeldMessage message)
    {
        MessageId = message.Id;
        Sender = message.From.ToString();
        Recipient = message.To.ToString();
        (SourceTon, SourceNpi, Source) = ((long)message.Source.Ton, (long)message.Source.Npi, message.Source.Digits);
        (DestinationTon, DestinationNpi) = ((long)message.Destination.Ton, (long)message.Destination.Npi);
        Destination = message.Destination.Digits;
        EsmClass = message.EsmClass.Value;
        ProtocolId = message.Protocol.Octet;
        DataCoding = message.Coding.Octet;
        Octets = message.Octets.ToArray();
        Registered = message.Registered.Value;
        Reference = message.Reference;
        Submitted = message.Submitted.ToUnixTimeMilliseconds();
        Expires = message.Expires.ToUnixTimeMilliseconds();
        if (message.Tells is not { } told) return;

        (ToldId, ToldState, ToldError) = (told.Id, (long)told.State, told.Error);
        ToldSubmitted = told.Submitted.ToUnixTimeMilliseconds();
        ToldDone = told.Done.ToUnixTimeMilliseconds();
    }

    public long MessageId { get; init; }

    public string Sender { get; init; } = "";

    public string Recipient { get; init; } = "";

    public long SourceTon { get; init; }

    public long SourceNpi { get; init; }

    public string Source { get; init; } = "";

    public long DestinationTon { get; init; }

    public long DestinationNpi { get; init; }

    public string Destination { get; init; } = "";

    public long EsmClass { get; init; }

    public long ProtocolId { get; init; }

    public long DataCoding { get; init; }

    public byte[] Octets { get; init; } = [];

    public long Registered { get; init; }

    public long? Reference { get; init; }

    public long Submitted { get; init; }

    public long Expires { get; init; }

    public long? ToldId { get; init; }

    public long? ToldState { get; init; }

    public long? ToldError { get; init; }

    public long? ToldSubmitted { get; init; }

    public long? ToldDone { get; init; }

    public HeldMessage ToMessage() => new()
    {
        Id = MessageId,
        From = Party.Parse(Sender),
        To = Party.Parse(Recipient),
        Source = new SmppAddress((Ton)SourceTon, (Npi)SourceNpi, Source),
        Destination = new SmppAddress((Ton)DestinationTon, (Npi)DestinationNpi, Destination),
        EsmClass = new EsmClass((byte)EsmClass),
        Protocol = new ProtocolIdentifier((byte)ProtocolId),
        Coding = new DataCodingScheme((byte)DataCoding),
        Octets = new Bytes(Octets),
        Registered = new RegisteredDelivery((byte)Registered),
        Reference = (byte?)Reference,
        Submitted = Time(Submitted),
        Expires = Time(Expires),
        Tells = ToldId is { } told
            ? new MessageEnd(
                told, Party.Parse(Recipient), (MessageState)ToldState!, (byte)ToldError!, Time(ToldSubmitted!.Value),
                Time(ToldDone!.Value))
            : null,
    };

    private static DateTimeOffset Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
}
