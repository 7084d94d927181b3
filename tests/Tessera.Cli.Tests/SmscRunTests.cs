using System.Net;
using System.Text.Json;
using System.Threading.Channels;
using Tessera.Smpp;
using Tessera.Smpp.Centre;
using Tessera.Sms.Messages;
using Tessera.Testing;
using Tessera.Wire;
using Xunit;

namespace Tessera.Cli.Tests;

/// <summary>The service centre in a process of its own, an ESME and a phone here.</summary>
public sealed class SmscRunTests : IDisposable
{
    private static readonly Imsi Imsi = Imsi.Parse("001010000000001");

    private readonly TempFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_message_and_its_receipt_are_told_line_by_line()
    {
        await using var tool = Run("--volatile", "--contents", "--subscriber", $"{Imsi}=+33612345678");
        var listening = await EventAsync(tool);
        Assert.False(listening.GetProperty("durable").GetBoolean());
        var got = Channel.CreateUnbounded<Tpdu>();
        await using var phone = await AttachAsync(listening, got);
        var told = Channel.CreateUnbounded<DeliverSm>();
        await using var esme = await BindAsync(listening, told);

        var answer = await esme.SubmitAsync(Message(), Cancel);
        answer.EnsureSuccess();
        var receipt = DeliveryReceipt.Find(await told.Reader.ReadAsync(Cancel));

        Assert.Equal((answer.MessageId, MessageState.Delivered), (receipt?.MessageId, receipt?.State));
        Assert.Equal("5555", Assert.IsType<SmsDeliver>(await got.Reader.ReadAsync(Cancel)).Originator.ToString());
        Assert.Equal("+33612345678", (await EventAsync(tool, "attached")).GetProperty("number").GetString());
        Assert.Equal("transceiver", (await EventAsync(tool, "bound")).GetProperty("mode").GetString());
        var submitted = await EventAsync(tool, "submitted");
        Assert.Equal("48690A", submitted.GetProperty("contents").GetString());
        Assert.Equal(answer.MessageId, submitted.GetProperty("id").GetString());
        Assert.Equal(answer.MessageId, (await EventAsync(tool, "delivered")).GetProperty("id").GetString());
        Assert.Equal(answer.MessageId, (await EventAsync(tool, "receipt")).GetProperty("about").GetString());
        Assert.Equal(0, (await tool.SignalAsync("INT", Cancel)).ExitCode);
    }

    [Fact]
    public async Task What_was_acknowledged_outlives_a_kill()
    {
        string[] options = ["--dir", _folder.Path, "--subscriber", $"{Imsi}=+33612345678"];
        string id;
        await using (var tool = Run(options))
        {
            await using var esme = await BindAsync(await EventAsync(tool), Channel.CreateUnbounded<DeliverSm>());
            id = (await esme.SubmitAsync(Message(), Cancel)).MessageId;
            await tool.SignalAsync("KILL", Cancel);
        }

        await using var again = Run(options);
        var listening = await EventAsync(again);
        Assert.Equal(1, listening.GetProperty("held").GetInt32());
        var got = Channel.CreateUnbounded<Tpdu>();
        await using var phone = await AttachAsync(listening, got);

        Assert.Equal("Hi\n", Assert.IsType<SmsDeliver>(await got.Reader.ReadAsync(Cancel)).UserData.ToText(default));
        Assert.Equal(id, (await EventAsync(again, "delivered")).GetProperty("id").GetString());
    }

    [Fact]
    public async Task Without_addresses_every_number_is_the_ESMEs_own()
    {
        await using var tool = Run("--volatile", "--quiet");
        var told = Channel.CreateUnbounded<DeliverSm>();
        await using var esme = await BindAsync(await EventAsync(tool), told);

        await esme.SubmitAsync(Message() with { RegisteredDelivery = RegisteredDelivery.None }, Cancel);

        Assert.Equal("33612345678", (await told.Reader.ReadAsync(Cancel)).Destination.Digits);
        var run = await tool.SignalAsync("TERM", Cancel);
        Assert.Equal((0, 1), (run.ExitCode, run.Lines.Count));
    }

    [Theory]
    [InlineData("--listen", "here")]
    [InlineData("--subscriber", "123=456")]
    [InlineData("--subscriber", "001010000000001")]
    public async Task Mistakes_are_told_in_a_line(string option, string value)
    {
        string[] arguments = ["smsc", "run", "--volatile", "--system-id", "x", "--password", "y", option, value];
        var run = await ToolProcess.RunAsync(arguments, Cancel);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(value, run.Error, StringComparison.Ordinal);
    }

    private static SubmitSm Message() => new()
    {
        Source = new SmppAddress(Ton.Unknown, Npi.Isdn, "5555"),
        Destination = SmppAddress.International("33612345678"),
        RegisteredDelivery = RegisteredDelivery.Always,
        Text = Bytes.FromHex("48690A"),
    };

    private static ToolProcess Run(params string[] options) => ToolProcess.Start(
    [
        "smsc", "run", "--listen", "127.0.0.1:0", "--air", "127.0.0.1:0", "--system-id", "shop", "--password", "secret",
        .. options,
    ]);

    private static Task<SmppClient> BindAsync(JsonElement listening, Channel<DeliverSm> told)
    {
        var options = new SmppClientOptions
        {
            SystemId = "shop",
            Password = "secret",
            Deliver = (message, _) => new(told.Writer.TryWrite(message) ? CommandStatus.Ok : CommandStatus.SystemError),
        };
        return SmppClient.ConnectAsync(
            IPEndPoint.Parse(listening.GetProperty("smpp").GetString()!), options, Cancel);
    }

    private static Task<MobileStation> AttachAsync(JsonElement listening, Channel<Tpdu> got)
    {
        return MobileStation.ConnectAsync(
            IPEndPoint.Parse(listening.GetProperty("air").GetString()!), Imsi, TakeAsync, cancel: Cancel);

        async Task<SmsDeliverReport> TakeAsync(Tpdu tpdu, CancellationToken cancel)
        {
            await got.Writer.WriteAsync(tpdu, cancel);
            return new SmsDeliverReport();
        }
    }

    /// <summary>The next event, or the next of that kind.</summary>
    private static async Task<JsonElement> EventAsync(ToolProcess tool, string? kind = null)
    {
        while (true)
        {
            var line = JsonElement.Parse(await tool.LineAsync(Cancel));
            if (kind is null || line.GetProperty("event").ValueEquals(kind)) return line;
        }
    }
}
