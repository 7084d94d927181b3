using Tessera.Wire;

namespace Tessera.Smpp;

/// <summary>A request that was sent and has no response yet.</summary>
internal abstract class PendingRequest(TimeSpan sent, bool takesRoom)
{
    public TimeSpan Sent { get; } = sent;

    /// <summary>It holds a place in the window.</summary>
    public bool TakesRoom { get; } = takesRoom;

    public abstract bool IsAnsweredBy(CommandId response);

    public abstract void Complete(in PduFrame response);

    public abstract void Fail(Exception reason);
}

/// <summary>One whose response is a <typeparamref name="TResponse"/>.</summary>
internal sealed class PendingRequest<TResponse>(RequestPdu<TResponse> request, TimeSpan sent, bool takesRoom)
    : PendingRequest(sent, takesRoom) where TResponse : ResponsePdu
{
    private readonly TaskCompletionSource<TResponse> _response =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<TResponse> Response => _response.Task;

    public override bool IsAnsweredBy(CommandId response) =>
        response == CommandId.GenericNack || response == request.Id.Response();

    public override void Complete(in PduFrame response)
    {
        if (response.Id == CommandId.GenericNack)
        {
            _response.TrySetResult(request.Refused(response.Status));
            return;
        }

        try
        {
            _response.TrySetResult((TResponse)Pdu.Read(response));
        }
        catch (WireFormatException) when (response.Status != CommandStatus.Ok)
        {
            // A refusal is one whatever stands in its body.
            _response.TrySetResult(request.Refused(response.Status));
        }
        catch (WireFormatException e)
        {
            _response.TrySetException(e);
        }
    }

    public override void Fail(Exception reason) => _response.TrySetException(reason);
}
