using Coffer.Stores;
using Coffer.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Coffer.Architecture.Tests.Snippets;

internal static class StorePages
{
    public static async Task MemoryAsync()
    {
        // snippet: memory
        var registry = new StoreRegistry().AddMemory();
        await using var store = registry.Open("mem://scratch");
        await store.PutTextAsync(StoreKey.Parse("notes/today"), "hello");

        // end
    }

    public static async Task CountersAsync(IStore store)
    {
        // snippet: counters
        var telemetry = store.Find<TelemetryStore>()!;
        var before = telemetry.Counters;
        await store.PutTextAsync(StoreKey.Parse("notes/today"), "hello");
        var used = telemetry.Counters.Since(before);
        Console.WriteLine($"{used.RequestsOf(StoreRequestClass.Write)} requests at the price of a write, {used.Read.Bytes} bytes read");

        // end
    }

    public static async Task LieAsync(IStore honest)
    {
        // snippet: malicious
        var before = await StoreSnapshot.TakeAsync(honest);
        await honest.PutTextAsync(StoreKey.Parse("notes/today"), "a better plan");
        var lying = new MaliciousStore(honest);
        lying.Tell(Lies.Flip(StoreKey.Parse("notes/yesterday"), offset: 3));
        using (lying.Tell(Lies.RollBack(before)))
            Console.WriteLine(await lying.ReadTextAsync(StoreKey.Parse("notes/today")));

        // end
    }

    public static void Configure(HostApplicationBuilder builder)
    {
        // snippet: hosting-memory
        builder.Services.AddCoffer(builder.Configuration.GetSection("Coffer")).AddLocal().AddMemory();

        // end
    }
}
