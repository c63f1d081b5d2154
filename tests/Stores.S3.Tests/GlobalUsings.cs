global using Coffer.TestServers;
global using Xunit;
