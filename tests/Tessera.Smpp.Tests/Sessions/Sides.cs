namespace Tessera.Smpp.Tests.Sessions;

/// <summary>What the tests want of both sides, unless they want something else.</summary>
internal static class Sides
{
    public static SmppServerOptions Server { get; } = new()
    {
        SystemId = "smsc",
        Authenticate = (bind, _) => new(bind.Password is "pass" ? CommandStatus.Ok : CommandStatus.InvalidPassword),
        Submit = (_, message, _) => new(new SubmitSmResp(CommandStatus.Ok, message.Destination.Digits)),
    };

    public static SmppClientOptions Client { get; } = new()
    {
        SystemId = "esme",
        Password = "pass",
        Deliver = (_, _) => new(CommandStatus.Ok),
    };

    public static SubmitSm To(string digits) => new() { Destination = SmppAddress.International(digits) };

    public static DeliverSm From(string digits) => new() { Source = SmppAddress.International(digits) };

    /// <summary>A server's session with nobody yet at the other end.</summary>
    public static (SmppServerSession Session, RawPeer Peer) Serve(
        SmppServerOptions options, CancellationToken cancel)
    {
        var pipes = new PipePair();
        return (SmppServerSession.Start(pipes.Far, options), new RawPeer(pipes.Near, cancel));
    }

    /// <summary>A client that has bound at a peer that the test plays.</summary>
    public static async Task<(SmppClient Client, RawPeer Peer)> BindAsync(
        SmppClientOptions options, CancellationToken cancel)
    {
        var pipes = new PipePair();
        var peer = new RawPeer(pipes.Far, cancel);
        var binding = SmppClient.BindAsync(pipes.Near, options, cancel);
        await peer.AgreeAsync();
        return (await binding, peer);
    }
}
