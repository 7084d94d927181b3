using Tessera.Terminal.Scripts;
using Tessera.Toolkit.Commands;
using Tessera.Toolkit.Interpretation;

namespace Tessera.Terminal.Ports;

/// <summary>Performs what goes to the ports of a terminal; all else is the holder's.</summary>
/// <param name="module">The additional card reader; null where there is none.</param>
internal sealed class PortCommands(IHolderInterface holder, CardModule? module, IPowerSource power) : IHolderInterface
{
    public async Task<StepOutcome> PerformAsync(Perform action, CancellationToken cancel)
    {
        var command = action.Command;
        switch (command.Type)
        {
            case CommandType.ProvideLocalInformation when command.Qualifier == AdditionalReader.BatteryQualifier:
                return new HolderAnswered(AdditionalReader.Reports(command, LevelOf(power.State)));
            case CommandType.PerformCardApdu or CommandType.PowerOnCard or CommandType.PowerOffCard
                or CommandType.GetReaderStatus:
                return new HolderAnswered(module is null
                    ? AdditionalReader.Failed(command, ReaderProblem.NoReader)
                    : await module.PerformAsync(command, cancel));
            default:
                return await holder.PerformAsync(action, cancel);
        }
    }

    public Task<GeneralResult> PrintAsync(Printout content, CancellationToken cancel) =>
        holder.PrintAsync(content, cancel);

    private static BatteryLevel LevelOf(PowerState power) => power.Percent switch
    {
        <= 5 => BatteryLevel.VeryLow,
        <= 20 => BatteryLevel.Low,
        <= 60 => BatteryLevel.Average,
        <= 95 => BatteryLevel.Good,
        _ => BatteryLevel.Full,
    };
}
