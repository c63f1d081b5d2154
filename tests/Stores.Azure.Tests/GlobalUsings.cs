global using Xunit;

// The rules about memory look at the whole process.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
