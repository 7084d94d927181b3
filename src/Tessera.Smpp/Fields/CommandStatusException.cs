namespace Tessera.Smpp;

/// <summary>
/// The peer said no where a yes was needed: what <c>EnsureSuccess</c> and a refused bind throw.
/// </summary>
public sealed class CommandStatusException(CommandId command, CommandStatus status)
    : IOException($"{command} was answered {status} ({(uint)status:X8})")
{
    public CommandId Command { get; } = command;

    public CommandStatus Status { get; } = status;
}
