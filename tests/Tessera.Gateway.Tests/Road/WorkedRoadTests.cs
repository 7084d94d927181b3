using System.Runtime.CompilerServices;
using Tessera.Cards;
using Tessera.Smpp;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;
using Xunit;

namespace Tessera.Gateway.Tests.Road;

/// <summary>The worked example of docs/protocols/sms.md §8 between gateway and SMSC, octet for octet.</summary>
public sealed class WorkedRoadTests : IDisposable
{
    private const byte Demonstration = 0x7F;

    private static readonly CardId Card = CardId.Parse("0123456789ABCDEF");
    private static readonly Bytes Header = Bytes.FromHex("027000");

    private readonly Dictionary<string, Bytes> _example = Read();
    private readonly MasterKeys _masters = new(
        Demonstration, SecretKey.Generate(), SecretKey.Generate(),
        new SecretKey(Bytes.FromHex("54657373657261206F7461000000007F").Span));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _masters.Dispose();

    [Fact]
    public async Task The_gateway_says_and_takes_what_the_document_says()
    {
        await using var world = await GatewayWorld.StartAsync(
            with: options => options with { Keys = version => version == Demonstration ? _masters : null });
        await world.Store.RegisterAsync(new Subscriber(Card, GatewayWorld.Number, Demonstration), Cancel);

        await DeliverAsync(world, "packet");
        var link = await world.LinkAsync();
        var sending = link.SendAsync(1, _example["script"], Cancel);
        var sent = await world.Centre.NextAsync(Cancel);
        await DeliverAsync(world, "packet up");

        Assert.Equal(_example["opening"].Read<Opening>(), link.Opening);
        Assert.Equal(_example["opening"].Read<Opening>().Profile.Octets, link.Profile.Octets);
        Assert.Equal(Message("packet down"), sent.Message.Text);
        Assert.Equal(_example["answer"], await sending);
        Assert.Equal(3, link.Traffic.Messages);
    }

    private async Task DeliverAsync(GatewayWorld world, string packet) => Assert.Equal(
        CommandStatus.Ok, await world.Centre.DeliverAsync(GatewayWorld.Number, Message(packet), Cancel));

    private Bytes Message(string packet) => new(new[] { Header, _example[packet] }.SelectMany(part => part.ToArray()).ToArray());

    /// <summary>The named octets of all blocks; of a name that comes twice the first.</summary>
    private static Dictionary<string, Bytes> Read([CallerFilePath] string path = "")
    {
        const int nameWidth = 13;
        var document = Path.Combine(Path.GetDirectoryName(path)!, "../../../docs/protocols/sms.md");
        return File.ReadAllText(document).Split("```sms\n").Skip(1)
            .SelectMany(rest => rest[..rest.IndexOf("```", StringComparison.Ordinal)].Split('\n'))
            .Where(line => line.Length > nameWidth && !line.StartsWith('#'))
            .DistinctBy(line => line[..nameWidth], StringComparer.Ordinal)
            .ToDictionary(
                line => line[..nameWidth].TrimEnd(),
                line => Bytes.FromHex(line.AsSpan(nameWidth)),
                StringComparer.Ordinal);
    }
}
