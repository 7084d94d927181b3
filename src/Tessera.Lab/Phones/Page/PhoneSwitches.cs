using Tessera.Lab.Phones.Air;

namespace Tessera.Lab.Phones.Page;

/// <summary>The lab's switches by name, as pages and programs know them.</summary>
internal sealed class PhoneSwitches(AirRelay? air, ISimTray? tray)
{
    /// <exception cref="ArgumentException">There is no such switch, or that is no count.</exception>
    /// <exception cref="InvalidOperationException">
    /// This phone has no network, or nobody's hand is at its slot.
    /// </exception>
    public async Task SetAsync(FaultRequest request, CancellationToken cancel)
    {
        var (direction, count) = (request.Direction, request.Count);
        ArgumentOutOfRangeException.ThrowIfNegative(count, nameof(request));
        switch (request.Fault)
        {
            case "cut":
                await Tray.CutPowerAfterAsync(count, cancel);
                break;
            case "remove":
                await Tray.RemoveAsync(cancel);
                break;
            case "insert":
                await Tray.InsertAsync(cancel);
                break;
            case "release":
                await Air.ReleaseAsync(direction, cancel);
                break;
            case "signal":
                Air.SetSignal(count != 0);
                break;
            case "lose":
                Air.Lose(direction, count);
                break;
            case "loseAnswers":
                Air.LoseAnswers(direction, count);
                break;
            case "double":
                Air.Double(direction, count);
                break;
            case "reorder":
                Air.Reorder(direction);
                break;
            case "hold":
                Air.Hold(direction);
                break;
            case "clear":
                Air.Clear();
                break;
            default:
                throw new ArgumentException($"There is no fault '{request.Fault}'.", nameof(request));
        }
    }

    private ISimTray Tray => tray ?? throw new InvalidOperationException("Nobody's hand is at the slot of this phone.");

    private AirRelay Air => air ?? throw new InvalidOperationException("This phone has no network.");
}
