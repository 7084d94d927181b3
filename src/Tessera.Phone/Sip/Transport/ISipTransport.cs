using System.Net;
using System.Runtime.InteropServices;
using Tessera.Wire;

namespace Tessera.Phone.Sip;

/// <summary>Between whom messages go: the transport's name as Via has it, and the address of the peer.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SipFlow(string Transport, IPEndPoint Remote)
{
    public const string Udp = "UDP";
    public const string Tcp = "TCP";

    public bool IsReliable => Transport is not Udp;

    public override string ToString() => $"{Transport} {Remote}";
}

/// <summary>Who gets what a transport receives; called on any thread, one message of a peer after the other.</summary>
internal interface ISipReceiver
{
    void Received(ReadOnlySpan<byte> message, SipFlow flow);

    /// <summary>What was sent last did not get there, or the connection is no more.</summary>
    void Lost(SipFlow flow, string reason);
}

/// <summary>One way of carrying messages (RFC 3261 §18).</summary>
internal interface ISipTransport : IAsyncDisposable
{
    /// <summary>As it stands in Via.</summary>
    string Name { get; }

    IPEndPoint Local { get; }

    /// <summary>Begins to receive; called once.</summary>
    void Start(ISipReceiver receiver);

    /// <summary>Sends soon, without waiting; what fails is told to the receiver later, never from inside.</summary>
    void Send(Bytes message, IPEndPoint remote);

    /// <summary>Whether a connection to that peer stands.</summary>
    bool IsConnected(IPEndPoint remote);
}
