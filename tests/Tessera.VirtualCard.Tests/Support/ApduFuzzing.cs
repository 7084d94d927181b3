using System.Globalization;

namespace Tessera.VirtualCard.Tests.Support;

/// <summary>Makes commands that are wrong.</summary>
internal static class ApduFuzzing
{
    /// <summary>How many a test sends for each of its seeds; more of them by <c>eng/fuzz-card</c>.</summary>
    public static int Commands { get; } =
        int.Parse(Environment.GetEnvironmentVariable("TESSERA_FUZZ_COMMANDS") ?? "20000", CultureInfo.InvariantCulture);

    private static readonly int First =
        int.Parse(Environment.GetEnvironmentVariable("TESSERA_FUZZ_SEED") ?? "0", CultureInfo.InvariantCulture);

    /// <summary>Chance of a seed of a test, other chance with each first seed of <c>eng/fuzz-card</c>.</summary>
    public static Random Of(int seed) => new(First + seed);

    public static byte[] Mutated(byte[] command, Random random)
    {
        for (var changes = random.Next(3); changes > 0; changes--)
        {
            switch (random.Next(5))
            {
                case 0 when command.Length > 0:
                    command = command[..random.Next(command.Length)];
                    break;
                case 1:
                    command = [.. command, .. Noise(random, random.Next(20))];
                    break;
                case 2 when command.Length > 4:
                    command = [.. command[..4], 0, 0, .. command[4..]];
                    break;
                default:
                    if (command.Length > 0) command[random.Next(command.Length)] = (byte)random.Next(256);
                    break;
            }
        }

        return command;
    }

    public static byte[] Noise(Random random, int length)
    {
        var octets = new byte[length];
        random.NextBytes(octets);
        return octets;
    }
}
