using Tessera.Sms.Messages;
using Tessera.Wire;
using Xunit;

namespace Tessera.Sms.Tests.Messages;

/// <summary>TPDUs, septets and addresses of public test suites.</summary>
public class TpduVectorTests
{
    public static IEnumerable<ITheoryDataRow> Tpdus => Vectors.Rows("Messages", "sms.json", "tpdus");

    public static IEnumerable<ITheoryDataRow> Texts => Vectors.Rows("Messages", "sms.json", "septets");

    public static IEnumerable<ITheoryDataRow> Addresses => Vectors.Rows("Messages", "sms.json", "addresses");

    public static IEnumerable<ITheoryDataRow> Reports => Vectors.Rows("Messages", "sms.json", "reports");

    public static IEnumerable<ITheoryDataRow> Downloads => Vectors.Rows("Messages", "sms.json", "downloads");

    [Theory]
    [MemberData(nameof(Tpdus))]
    public void Reads_and_writes(Vector vector)
    {
        var direction = DirectionOf(vector);

        var tpdu = Tpdu.Read(vector.Octets("tpdu"), direction);

        var (address, protocol, coding, time, data) = tpdu switch
        {
            SmsDeliver mt => (mt.Originator, mt.Protocol, mt.Coding, mt.ServiceCentreTime.ToString(), mt.UserData),
            SmsSubmit mo => (mo.Destination, mo.Protocol, mo.Coding, mo.Validity.ToString(), mo.UserData),
            _ => throw new InvalidOperationException(tpdu.ToString()),
        };
        Assert.Equal(vector.Text("address"), address.Value);
        Assert.Equal(vector.Octet("pid"), protocol.Octet);
        Assert.Equal(vector.Octet("dcs"), coding.Octet);
        Assert.Equal(vector.Text(direction == Direction.ToMobile ? "scts" : "vp"), time);
        Assert.Equal(vector.Text("text"), data.ToText(coding));
        Assert.Equal(vector.Octets("tpdu"), tpdu.ToBytes());
    }

    [Theory]
    [MemberData(nameof(Tpdus))]
    [MemberData(nameof(Downloads))]
    public void Every_truncation_and_one_octet_too_many_are_refused(Vector vector)
    {
        var octets = vector.Octets("tpdu");
        var direction = DirectionOf(vector);
        for (var length = 0; length < octets.Length; length++)
            Assert.Throws<WireFormatException>(() => Tpdu.Read(new Bytes(octets.Memory[..length]), direction));
        Assert.Throws<WireFormatException>(() => Tpdu.Read(new Bytes((byte[])[.. octets.Span, 0]), direction));
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void Packs_septets(Vector vector)
    {
        var septets = UserData.OfText(vector.Text("text"), Alphabet.Gsm7).Content;
        Assert.Equal(vector.Number("septets"), septets.Length);

        // Fill bits are what is left of the septet that the header ends in.
        var first = vector.Number("fillBits") == 0 ? 0 : 7;
        var header = Septets.OctetsOf(first) - (first == 0 ? 0 : 1);
        var octets = new byte[Septets.OctetsOf(first + septets.Length)];
        Septets.Pack(septets.Span, first, octets);

        Assert.Equal(vector.Octets("packed"), new Bytes(octets.AsMemory(header)));
        Assert.Equal(septets, Septets.Unpack(octets, first, septets.Length));
        Assert.Equal(vector.Text("text"), new UserData(septets).ToText(DataCodingScheme.Gsm7));
    }

    [Theory]
    [MemberData(nameof(Addresses))]
    public void Reads_addresses(Vector vector)
    {
        var address = vector.Octets("encoded").Read<Address>();

        Assert.Equal(vector.Text("text"), address.Value);
        Assert.Equal(address, Bytes.Of(address).Read<Address>());

        // One writer counts whole octets where letters end in the middle of one; the length is the first octet.
        var exact = vector.Text("text") is "OpenBSC" ? $"0D{vector.Text("encoded")[2..]}" : vector.Text("encoded");
        Assert.Equal(Bytes.FromHex(exact), Bytes.Of(address));
    }

    [Theory]
    [MemberData(nameof(Reports))]
    public void Reads_reports_of_data_download(Vector vector)
    {
        var report = Assert.IsType<SmsDeliverReport>(Tpdu.Read(vector.Octets("report"), Direction.ToCentre));

        Assert.Equal(ProtocolIdentifier.SimDownload, report.Protocol);
        Assert.Equal(2, report.Coding!.Value.Class);
        FailureCause? failure = vector.Text("id") is "deliver-report-error" ? FailureCause.DataDownloadError : null;
        Assert.Equal(failure, report.Failure);
        Assert.Equal(vector.Octets("report"), report.ToBytes());
        Assert.EndsWith(report.UserData!.Content.ToString(), vector.Text("report"), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Downloads))]
    public void Knows_what_is_for_the_card(Vector vector)
    {
        var deliver = Assert.IsType<SmsDeliver>(Tpdu.Read(vector.Octets("tpdu"), Direction.ToMobile));

        Assert.True(deliver.IsForCard);
        Assert.Equal(vector.Octets("tpdu"), deliver.ToBytes());
        Assert.Equal(
            vector.Text("id").EndsWith("secured", StringComparison.Ordinal),
            deliver.UserData.Header.Has(InformationElement.CommandPacket));
    }

    private static Direction DirectionOf(Vector vector) =>
        vector.Json.TryGetProperty("direction", out var way) && way.ValueEquals("mo")
            ? Direction.ToCentre
            : Direction.ToMobile;
}
