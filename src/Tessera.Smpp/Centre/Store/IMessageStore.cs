namespace Tessera.Smpp.Centre;

/// <summary>What a centre finds when it starts.</summary>
/// <param name="LastId">No message had a higher id.</param>
/// <param name="Messages">Those that have not ended, oldest first.</param>
public sealed record HeldMessages(long LastId, IReadOnlyList<HeldMessage> Messages);

/// <summary>
/// Where the centre keeps what it has taken. A call that returns has done its work as durably as the store does any;
/// one that throws has done nothing.
/// </summary>
public interface IMessageStore
{
    Task<HeldMessages> LoadAsync(CancellationToken cancel);

    ValueTask AddAsync(HeldMessage message, CancellationToken cancel);

    /// <summary>Replaces a message by its end and by the receipt about it, in one step.</summary>
    ValueTask EndAsync(MessageEnd ending, HeldMessage? receipt, CancellationToken cancel);

    /// <summary>The end of a message; null where it has not ended or is forgotten.</summary>
    ValueTask<MessageEnd?> FindEndAsync(long id, CancellationToken cancel);

    /// <summary>Forgets the ends before that moment.</summary>
    Task ForgetAsync(DateTimeOffset before, CancellationToken cancel);
}
