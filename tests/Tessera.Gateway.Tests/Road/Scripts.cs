using Tessera.Cards;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;

namespace Tessera.Gateway.Tests.Road;

internal static class Scripts
{
    /// <summary>A script with so many octets, and a mark of its own.</summary>
    public static Bytes Of(ushort session, byte number, int length = 40, byte mark = 0)
    {
        var steps = new List<ScriptStep>();
        for (var data = 0; ; data++)
        {
            steps.Clear();
            for (var left = data; left >= 0; left -= 100)
            {
                var octets = new byte[Math.Min(left, 100) + 1];
                octets.AsSpan().Fill(mark);
                steps.Add(new CardStep(new CommandApdu(0x80, 0x54, 1, 0, new Bytes(octets))));
            }

            var script = Bytes.Of(new CommandScript(session, number, steps.ToSequence()));
            if (script.Length >= length) return script;
        }
    }
}
