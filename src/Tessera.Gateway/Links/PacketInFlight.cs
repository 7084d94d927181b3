using Tessera.Wire;

namespace Tessera.Gateway;

/// <summary>How a packet left the air.</summary>
internal enum PacketFate
{
    /// <summary>All its parts are at the phone.</summary>
    Delivered,

    /// <summary>A part of it will never arrive.</summary>
    Failed,

    /// <summary>Its time is over and nobody said what became of it.</summary>
    Lapsed,
}

/// <summary>The packet that may be on its way to a card.</summary>
internal sealed class PacketInFlight
{
    private readonly Lock _gate = new();
    private readonly OutboxPacket _packet;
    private readonly PartState[] _states;
    private readonly TaskCompletionSource<PacketFate> _fate = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public PacketInFlight(OutboxPacket packet)
    {
        _packet = packet;
        _states = [.. packet.Parts.Select(part => part.State)];
        Settle();
    }

    public DateTimeOffset ValidUntil => _packet.ValidUntil;

    /// <summary>Completes when what became of every part is known.</summary>
    public Task<PacketFate> Fate => _fate.Task;

    public bool Of(SmsSessionId session) => _packet.Session == session;

    public bool Carries(SmsSessionId session, byte number) => _packet.Session == session && _packet.Number == number;

    /// <summary>The next part that the SMSC does not have; null where it has all that are worth sending.</summary>
    public (PartReference Part, Bytes UserData)? NextToSend()
    {
        lock (_gate)
        {
            if (_fate.Task.IsCompleted) return null;
            var index = Array.IndexOf(_states, PartState.ToSend);
            if (index < 0) return null;
            return (new PartReference(_packet.Session, _packet.Counter, index + 1), _packet.Parts[index].UserData);
        }
    }

    /// <summary>What is known of a part now; one of another packet is none of this one's.</summary>
    public void Set(PartReference part, PartState state)
    {
        if (part.Session != _packet.Session || part.Counter != _packet.Counter) return;
        lock (_gate)
        {
            ref var known = ref _states[part.Position - 1];
            if (known < PartState.Delivered && state > known) known = state;
            Settle();
        }
    }

    /// <summary>Nobody sends the rest of it any more.</summary>
    public void Abandon()
    {
        lock (_gate)
        {
            for (var i = 0; i < _states.Length; i++)
            {
                if (_states[i] == PartState.ToSend) _states[i] = PartState.Failed;
            }

            Settle();
        }
    }

    private void Settle()
    {
        if (Array.TrueForAll(_states, state => state == PartState.Delivered)) _fate.TrySetResult(PacketFate.Delivered);
        else if (Array.TrueForAll(_states, state => state is PartState.Delivered or PartState.Failed))
            _fate.TrySetResult(PacketFate.Failed);
    }
}
